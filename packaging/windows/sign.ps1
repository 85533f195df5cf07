# Signs the files with the certificate in $env:CERTIFICATE (a .pfx in base64).
#   packaging/windows/sign.ps1 FILE...
$ErrorActionPreference = "Stop"

$pfx = Join-Path ([IO.Path]::GetTempPath()) "desktop-ae.pfx"
[IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:CERTIFICATE))
try {
    $kits = "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe"
    $signtool = (Get-ChildItem $kits | Sort-Object FullName | Select-Object -Last 1).FullName
    $files = $args | ForEach-Object { Get-ChildItem $_ } | ForEach-Object FullName
    & $signtool sign /fd sha256 /f $pfx /p $env:CERTIFICATE_PASSWORD `
        /tr http://timestamp.digicert.com /td sha256 $files
    if ($LASTEXITCODE) { throw "signtool ended with $LASTEXITCODE" }
}
finally {
    Remove-Item $pfx
}
