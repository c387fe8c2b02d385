@echo off
rem Double-click this to install Velora for OBS.
setlocal
set "python=python"
where py >nul 2>nul && set "python=py -3"
%python% "%~dp0install.py" %*
set "code=%errorlevel%"
if "%code%"=="9009" echo Python is missing: install version 3.12 from python.org, then start this again.
pause
exit /b %code%
