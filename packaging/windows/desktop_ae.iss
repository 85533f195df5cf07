; The Windows installer, made with Inno Setup 6 from the one-folder program:
;   iscc /DVersion=0.1.0 /Obuild\installer\packages packaging\windows\desktop_ae.iss
; For one person, without an administrator; whoever wants it for all is asked for one.

#ifndef Version
  #error Say which version: /DVersion=...
#endif
#define Built "..\..\build\installer"

[Setup]
AppId={{6B0F6E0B-6F0C-4B7E-9B64-0D3B2E0D5A11}
AppName=Desktop AE
AppVersion={#Version}
AppPublisher=Desktop AE maintainers
DefaultDirName={autopf}\Desktop AE
DefaultGroupName=Desktop AE
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputBaseFilename=desktop-ae-{#Version}-windows-x64
SetupIconFile={#Built}\icons\app.ico
UninstallDisplayIcon={app}\desktop-ae.exe
Compression=lzma2/normal
SolidCompression=yes
LZMANumBlockThreads=4
CloseApplications=yes
WizardStyle=modern
ChangesAssociations=yes
#ifdef Signed
; The tool is given on the command line: /Ssigning="signtool sign ... $f"
SignTool=signing
#endif

[Tasks]
Name: "menu"; Description: "Offer ""Clean with Desktop AE"" in the menu of photos, scans, sound and ECGs"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Built}\dist\desktop-ae\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs

[InstallDelete]
; Modules of the version before, which this one would find.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Desktop AE"; Filename: "{app}\desktop-ae.exe"
Name: "{autodesktop}\Desktop AE"; Filename: "{app}\desktop-ae.exe"; Tasks: desktopicon

[Registry]
; Written by build.py: one entry for each kind of file; none of them takes a default away.
#include "..\..\build\installer\associations.iss"
Root: HKA; Subkey: "Software\Classes\.daemodel"; ValueType: string; ValueData: "DesktopAE.Model"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\DesktopAE.Model"; ValueType: string; ValueData: "Desktop AE model"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\DesktopAE.Model\shell\open\command"; ValueType: string; ValueData: """{app}\desktop-ae.exe"" ""%1"""

[Run]
Filename: "{app}\desktop-ae.exe"; Description: "{cm:LaunchProgram,Desktop AE}"; Flags: nowait postinstall skipifsilent

; Settings and the person's own models are in {localappdata}\desktop-ae. Nothing here names that
; folder, so uninstalling leaves it.
