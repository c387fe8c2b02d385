@echo off
rem Double-click this to install Velora for OBS.
setlocal
set "python="
where py >nul 2>nul && set "python=py -3"
rem OBS cannot see what the Microsoft Store's Python writes, and its link may only open the Store.
if not defined python for /f "delims=" %%p in ('where python 2^>nul ^| findstr /v /i WindowsApps') do if not defined python set python="%%p"
if not defined python (
    echo Python is missing: install version 3.12 from python.org, then start this again.
    pause
    exit /b 9009
)
%python% "%~dp0install.py" %*
set "code=%errorlevel%"
pause
exit /b %code%
