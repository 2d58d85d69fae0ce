@echo off
rem Builds the program when it has not been built, or its sources are newer, and runs it.
setlocal
set "root=%~dp0"
set "program=%root%artifacts\bin\Isthmus.App\release\Isthmus.App.dll"
set "stamp=%root%artifacts\isthmus.built"
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1

dotnet --list-sdks 2>nul | findstr /b "10\." >nul
if errorlevel 1 (
    echo isthmus: the .NET 10 SDK is not here; install it ^(https://dotnet.microsoft.com/download^) 1>&2
    exit /b 1
)

call :stale
if errorlevel 1 call :build || exit /b 1
dotnet "%program%" %*
exit /b %errorlevel%

:stale
if not exist "%program%" exit /b 1
if not exist "%stamp%" exit /b 1
powershell -NoProfile -NonInteractive -Command ^
    "$built = (Get-Item -LiteralPath $env:stamp).LastWriteTimeUtc;" ^
    "$sources = @(Get-ChildItem -LiteralPath (Join-Path $env:root 'src') -Recurse -File) +" ^
    "    @(Get-ChildItem -Path (Join-Path $env:root 'Directory.*.props'), (Join-Path $env:root 'global.json'));" ^
    "exit [int](@($sources | Where-Object LastWriteTimeUtc -gt $built).Count -gt 0)"
exit /b %errorlevel%

:build
echo isthmus: building the program (about a minute the first time) ... 1>&2
if not exist "%root%artifacts" mkdir "%root%artifacts"
type nul > "%stamp%.begun"
pushd "%root%"
dotnet build src\Isthmus.App -c Release -v quiet --nologo > "%root%artifacts\build.log" 2>&1
if errorlevel 1 (
    popd
    findstr "error warn" "%root%artifacts\build.log" 1>&2
    echo isthmus: the build failed; all of it is in artifacts\build.log 1>&2
    exit /b 1
)
popd
move /y "%stamp%.begun" "%stamp%" >nul
exit /b 0
