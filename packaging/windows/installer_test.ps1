# Installs the program without a question, lets it test itself, and removes it again: the person's
# own models must still be there.
$ErrorActionPreference = "Stop"

$setup = (Get-ChildItem build/installer/packages/*.exe).FullName
$target = Join-Path $env:RUNNER_TEMP "Desktop AE"
$own = Join-Path $env:LOCALAPPDATA "desktop-ae\models\image\my-own"
New-Item -ItemType Directory -Force $own | Out-Null
Set-Content (Join-Path $own "card.json") "{}"

function Invoke-Program($file, $words) {
    $ended = Start-Process -FilePath $file -ArgumentList $words -Wait -PassThru
    if ($ended.ExitCode) { throw "$file ended with $($ended.ExitCode)" }
}

Invoke-Program $setup @("/VERYSILENT", "/SUPPRESSMSGBOXES", "/CURRENTUSER", "/DIR=`"$target`"")
$kept = Join-Path $env:RUNNER_TEMP "self-test"
Invoke-Program (Join-Path $target "desktop-ae.exe") @("--self-test", "`"$kept`"")
Get-Content (Join-Path $kept "self-test.json")
Invoke-Program (Join-Path $target "unins000.exe") @("/VERYSILENT", "/SUPPRESSMSGBOXES")

Start-Sleep 5 # the uninstaller deletes itself in the background
if (Test-Path (Join-Path $target "desktop-ae.exe")) { throw "the program is still there" }
if (-not (Test-Path (Join-Path $own "card.json"))) { throw "the person's models are gone" }
