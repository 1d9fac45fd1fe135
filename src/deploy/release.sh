#!/bin/sh
# Makes the artefacts of a release from the packaged jar. Maven calls it (mvn -Prelease package).
#   release.sh VERSION JAR TIMESTAMP FOLDER
# TIMESTAMP is the one that every file gets. FOLDER holds the bill of materials already.
set -eu
umask 022
export LC_ALL=C TZ=UTC
here=$(cd -- "$(dirname -- "$0")" && pwd)
version=$1 jar=$2 timestamp=$3 out=$4

for tool in dpkg-deb:dpkg tar:tar gzip:gzip awk:mawk sha256sum:coreutils ldd:libc-bin dash:dash; do
  if ! command -v "${tool%:*}" >/dev/null; then
    echo "release: ${tool%:*} is missing; on Debian: apt-get install ${tool#*:}" >&2
    exit 1
  fi
done
SOURCE_DATE_EPOCH=$(date -d "$timestamp" +%s)
export SOURCE_DATE_EPOCH

[ -r "$jar" ]
jar=$(readlink -f "$jar")
mkdir -p "$out"
out=$(cd -- "$out" && pwd)
if ! [ -r "$out/acuse-$version-sbom.json" ]; then
  echo "release: $out/acuse-$version-sbom.json is missing; Maven leaves it out when it is offline" >&2
  exit 1
fi
work=$out/../release-work
rm -rf "$work"
mkdir -p "$work"

work=$(cd -- "$work" && pwd)

sh "$here/home.sh" "$jar" "$here/../../config.yml" "$work/home"

platform=linux-$(uname -m)
name=acuse-$version
rm -f "$out"/acuse*.tar.gz "$out"/acuse*.deb "$out"/acuse*.tar "$out/SHA256SUMS"
sh "$here/archive.sh" "$work/home" "$name" "$work/$name.tar"
gzip -n -6 <"$work/$name.tar" >"$out/$name-$platform.tar.gz"
sh "$here/../deb/build.sh" "$version" "$work/home" "$work/deb" "$out"
sh "$here/../image/build.sh" "$version" "$work/home" "$jar" "$work/image" "$out/$name-oci.tar"

cd "$out"
find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS
rm -rf "$work"
cat SHA256SUMS
