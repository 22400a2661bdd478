#!/bin/sh
# An issuer of tokens for a trial. Never use it for real: whoever has its key is everybody.
#   trial-issuer.sh keys KEY               makes a private key if there is none, and prints the key set of the issuer
#   trial-issuer.sh token KEY USER GROUPS  prints a token for five minutes: SIDs, the groups separated by commas
set -eu
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

case "$1" in
keys)
  [ -f "$2" ] || (umask 077 && openssl genrsa -out "$2" 2048 2>/dev/null)
  # At the end of the public key in DER are its 256 bytes, and 5 bytes of the exponent.
  modulus=$(openssl rsa -in "$2" -pubout -outform DER 2>/dev/null | tail -c 261 | head -c 256 | base64url)
  printf '{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"trial","n":"%s","e":"AQAB"}]}\n' "$modulus"
  ;;
token)
  now=$(date +%s)
  groups=$(printf '%s' "$4" | sed 's/,/","/g')
  header=$(printf '{"alg":"RS256","typ":"JWT","kid":"trial"}' | base64url)
  claims=$(printf '{"iss":"https://issuer.example","aud":"api://requests","nbf":%s,"exp":%s,"primarysid":"%s","groupsid":["%s"]}' \
    "$now" "$((now + 300))" "$3" "$groups" | base64url)
  signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$2" -binary | base64url)
  printf '%s.%s.%s\n' "$header" "$claims" "$signature"
  ;;
*)
  echo "usage: trial-issuer.sh keys KEY | token KEY USER GROUPS" >&2
  exit 2
  ;;
esac
