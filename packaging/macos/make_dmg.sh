#!/usr/bin/env bash
# The macOS disk image, from the .app that PyInstaller made.
#
#     packaging/macos/make_dmg.sh VERSION FOLDER
#
# With SIGNING_IDENTITY (a Developer ID in the keychain) it is signed, and with NOTARY_PROFILE
# (stored by `xcrun notarytool store-credentials`) notarised. With neither, it is signed for this
# machine alone, and whoever opens it has to allow that in the system's settings.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$1 folder=$2
app="build/installer/dist/Desktop AE.app"
image="$folder/desktop-ae-$version-macos-arm64.dmg"

if [ -n "${SIGNING_IDENTITY:-}" ]; then
    # Torch and Python make code while they run, and load libraries that others have signed.
    codesign --force --deep --options runtime --timestamp \
        --entitlements packaging/macos/entitlements.plist --sign "$SIGNING_IDENTITY" "$app"
else
    codesign --force --deep --sign - "$app"
fi
codesign --verify --deep --strict "$app"

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -R "$app" "$staging/"
ln -s /Applications "$staging/Applications"
hdiutil create -volname "Desktop AE" -srcfolder "$staging" -format UDZO -ov "$image"

if [ -n "${SIGNING_IDENTITY:-}" ]; then
    codesign --sign "$SIGNING_IDENTITY" --timestamp "$image"
    if [ -n "${NOTARY_PROFILE:-}" ]; then
        xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
        xcrun stapler staple "$image"
    fi
fi
