#!/bin/sh
# Makes the folder that every artefact holds: bin/acuse, lib and a Java of its own.
#   home.sh JAR CONFIG FOLDER
set -eu
umask 022
here=$(cd -- "$(dirname -- "$0")" && pwd)
jar=$1 config=$2 home=$3
: "${JAVA_HOME:?JAVA_HOME must name the JDK}"

missing() {
  echo "release: $1 is missing; on Debian: apt-get install $2" >&2
  exit 1
}
[ -x "$JAVA_HOME/bin/jlink" ] || missing "$JAVA_HOME/bin/jlink" openjdk-17-jdk-headless
[ -r "$JAVA_HOME/jmods/java.base.jmod" ] || missing "$JAVA_HOME/jmods" openjdk-17-jdk-headless
roots=/usr/share/ca-certificates/mozilla
[ -d "$roots" ] || missing "$roots" ca-certificates

rm -rf "$home"
mkdir -p "$home/bin" "$home/lib" "$home/deploy"
modules=$(grep -v '^#' "$here/runtime.modules" | paste -sd, -)
# Not --strip-debug: it calls a tool that some machines have and others have not.
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --output "$home/runtime" \
  --strip-java-debug-attributes --no-header-files --no-man-pages \
  --exclude-files='/java.desktop/lib/**'
# Nothing calls it, and it would find no screen.
rm -f "$home/runtime/bin/keytool"
# The JDK's own copy may hold what this machine alone trusts, and the times of its making.
rm "$home/runtime/lib/security/cacerts"
cat "$roots"/*.crt >"$home/roots.pem"
"$JAVA_HOME/bin/java" "$here/TrustStore.java" "$home/runtime/lib/security/cacerts" <"$home/roots.pem"
rm "$home/roots.pem"

cp "$here/acuse" "$home/bin/acuse"
cp "$here/jvm.options" "$home/lib/jvm.options"
cp "$jar" "$home/lib/acuse.jar"
cp "$config" "$home/config.yml"
# By this an archive of classes is told from that of another version.
cat "$jar" "$home/runtime/lib/modules" "$home/runtime/lib/server/libjvm.so" | sha256sum | cut -c1-16 >"$home/lib/build"
cp "$here/../../LICENSE" "$home/LICENSE"
cp "$here/compose.yml" "$here/Caddyfile" "$home/deploy/"

# Modes by what a file is, and not by the umask or the clone.
find "$home" -type d -exec chmod 755 {} +
find "$home" -type f -exec chmod 644 {} +
chmod 755 "$home/bin/acuse" "$home/runtime/bin/java" "$home/runtime/lib/jspawnhelper" "$home/runtime/lib/jexec"
