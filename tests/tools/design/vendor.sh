#!/bin/sh
# Makes api/static/designsystemet.css and the font anew from the npm registry. Needs Node, tar and
# curl; only a maintainer runs it, when a new release is to be taken in. Nothing here runs in use.
set -eu
CSS=1.22.0 TOKENS=1.15.0 INTER=5.3.0
here=$(cd "$(dirname "$0")" && pwd)
static=$(cd "$here/../../../api/static" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

get() { curl -fsS "https://registry.npmjs.org/$1/-/${1##*/}-$2.tgz" | tar xz; }

mkdir css inter
(cd css && get @digdir/designsystemet-css $CSS)
(cd inter && get @fontsource-variable/inter $INTER)

cp "$here/theme.json" designsystemet.config.json
npx --yes "@digdir/designsystemet@$TOKENS" tokens create --config designsystemet.config.json
npx --yes "@digdir/designsystemet@$TOKENS" tokens build -t tokens -o theme \
    --config designsystemet.config.json

# Only the components that the pages use.
{
  echo "/* Designsystemet (Digdir), css $CSS, own theme by tokens $TOKENS. MIT: see LICENSES.txt. */"
  echo "@layer ds.theme, ds.base, ds.components;"
  # Comments and line breaks of the theme go; strings hold neither.
  grep -v '^@charset' theme/kjelda.css | tr '\n' ' ' | sed 's|/\*[^*]*\*/||g; s|  *| |g'
  echo
  echo "@layer ds.base{"; cat css/package/dist/src/base.css; echo "}"
  echo "@layer ds.components{"
  for part in label field fieldset input button link list heading paragraph details tag alert \
              card chip divider skip-link table pagination validation-message error-summary; do
    cat "css/package/dist/src/$part.css"
  done
  echo "}"
} >"$static/designsystemet.css"

for part in latin latin-ext; do
  cp "inter/package/files/inter-$part-wght-normal.woff2" "$static/inter-$part.woff2"
done
{
  echo "designsystemet.css: Designsystemet, https://github.com/digdir/designsystemet"
  cat css/package/LICENSE 2>/dev/null || echo "MIT licence, Copyright Digitaliseringsdirektoratet"
  echo; echo "inter-*.woff2: Inter, https://github.com/rsms/inter"; echo
  cat inter/package/LICENSE
} >"$static/LICENSES.txt"
