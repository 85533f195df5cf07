#!/usr/bin/env bash
# Puts the certificate in CERTIFICATE (a .p12 in base64) into a keychain of this build's own, and
# what notarising needs beside it. Says through GITHUB_ENV where that is.
set -euo pipefail

keychain=$RUNNER_TEMP/desktop-ae.keychain-db
password=$(openssl rand -hex 16)
file=$RUNNER_TEMP/certificate.p12
trap 'rm -f "$file"' EXIT
base64 --decode <<<"$CERTIFICATE" >"$file"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 7200 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$file" -P "$CERTIFICATE_PASSWORD" -k "$keychain" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
if [ -n "${NOTARY_APPLE_ID:-}" ]; then
    xcrun notarytool store-credentials desktop-ae --keychain "$keychain" \
        --apple-id "$NOTARY_APPLE_ID" --team-id "$NOTARY_TEAM_ID" --password "$NOTARY_PASSWORD"
    echo "NOTARY_PROFILE=desktop-ae" >>"$GITHUB_ENV"
fi
