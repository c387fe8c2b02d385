@echo off
rem Double-click this to install Velora for OBS.
where py >nul 2>nul && (py -3 "%~dp0install.py" %*) || (python "%~dp0install.py" %*)
if errorlevel 9009 echo Python is missing: install version 3.12 from python.org, then start this again.
pause
