@echo off
rem Takes pwsh's command line and runs a PowerShell: the one IISFAILOVER_PWSH names, else the pwsh on the PATH,
rem else the engine host that `npm run setup` builds, else Windows PowerShell.
setlocal
set "engine=%IISFAILOVER_PWSH%"
if not defined engine for %%p in (pwsh.exe) do set "engine=%%~$PATH:p"
if not defined engine if exist "%~dp0..\.build\engine-host\engine-host.exe" set "engine=%~dp0..\.build\engine-host\engine-host.exe"
if not defined engine for %%p in (powershell.exe) do set "engine=%%~$PATH:p"
if not defined engine (
  echo No PowerShell here: install pwsh, or build the engine host with `npm run setup`. 1>&2
  exit /b 127
)
"%engine%" %*
exit /b %ERRORLEVEL%
