#!/bin/sh
# Makes the image as one tar that docker load and podman load take: an OCI layout with Docker's
# manifest.json beside it, as docker save writes it. Needs neither an engine nor a registry.
#   build.sh VERSION HOME JAR WORK FILE
set -eu
umask 022
here=$(cd -- "$(dirname -- "$0")" && pwd)
version=$1 home=$2 jar=$3 work=$4 file=$5
: "${SOURCE_DATE_EPOCH:?the time of every file, in seconds since 1970}"
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) architecture=$(uname -m) ;;
esac
user=10001

rm -rf "$work"
blobs=$work/tar/blobs/sha256
mkdir -p "$blobs" "$work/system" "$work/product/opt/acuse/lib/probe" "$work/data/data"

# The first layer: a shell, the C library and what else Java is linked with, as this machine has
# them, and Java. It stays the same from one version to the next.
system=$work/system
mkdir -p "$system/bin" "$system/etc" "$system/tmp" "$system/opt/acuse"
cp -a "$home/runtime" "$system/opt/acuse/runtime"
cp "$(readlink -f "$(command -v dash)")" "$system/bin/sh"
{
  ldd "$system/bin/sh"
  find "$home/runtime" -type f \( -name '*.so' -o -name java \) -exec ldd {} +
} >"$work/linked"
# Those of the runtime itself are there already.
sed -n -e 's,^[[:blank:]]*\(/.*\) (0x[0-9a-f]*)$,\1,p' -e 's,^.* => \(/.*\) (0x[0-9a-f]*)$,\1,p' "$work/linked" |
  sort -u | grep -vF "$home/" >"$work/libraries"
[ -s "$work/libraries" ]
while read -r library; do
  mkdir -p "$system${library%/*}"
  cp -L "$library" "$system$library"
done <"$work/libraries"
printf 'root:x:0:0:root:/:/bin/sh\nacuse:x:%s:%s:Acuse:/data:/bin/sh\n' $user $user >"$system/etc/passwd"
printf 'root:x:0:\nacuse:x:%s:\n' $user >"$system/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$system/etc/nsswitch.conf"

# The second: Acuse.
product=$work/product/opt/acuse
cp -a "$home/bin" "$home/config.yml" "$home/LICENSE" "$product/"
cp -a "$home/lib/." "$product/lib/"
(cd "$product/lib/probe" && "$JAVA_HOME/bin/jar" --extract --file "$jar" dev/acuse/monitoring/HealthProbe.class)

for tree in "$system" "$work/product"; do
  find "$tree" -type d -exec chmod 755 {} +
  find "$tree" -type f ! -perm -100 -exec chmod 644 {} +
  find "$tree" -type f -perm -100 -exec chmod 755 {} +
done
chmod 1777 "$system/tmp"
chmod 700 "$work/data/data"

sh "$here/../deploy/archive.sh" "$system" . "$work/system.tar"
sh "$here/../deploy/archive.sh" "$work/product" . "$work/product.tar"
# The volume's folder is the user's.
LC_ALL=C tar --append --file="$work/product.tar" --format=gnu --mtime="@$SOURCE_DATE_EPOCH" \
  --owner=$user --group=$user --numeric-owner -C "$work/data" ./data

hash() { sha256sum "$1" | cut -d' ' -f1; }
# Moves a file among the blobs; answers what it is called there.
blob() {
  digest=$(hash "$1")
  mv "$1" "$blobs/$digest"
  echo "$digest"
}
size() { stat -c %s "$blobs/$1"; }

diff1=$(hash "$work/system.tar")
diff2=$(hash "$work/product.tar")
gzip -n -6 <"$work/system.tar" >"$work/system.gz"
gzip -n -6 <"$work/product.tar" >"$work/product.gz"
layer1=$(blob "$work/system.gz")
layer2=$(blob "$work/product.gz")

sed -e "s/@VERSION@/$version/g" -e "s/@CREATED@/$created/g" -e "s/@ARCHITECTURE@/$architecture/g" \
  -e "s/@USER@/$user/g" -e "s/@DIFF1@/$diff1/" -e "s/@DIFF2@/$diff2/" "$here/config.json.in" >"$work/config.json"
config=$(blob "$work/config.json")

gz=application/vnd.oci.image.layer.v1.tar+gzip
cat >"$work/manifest" <<JSON
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:$config","size":$(size "$config")},"layers":[{"mediaType":"$gz","digest":"sha256:$layer1","size":$(size "$layer1")},{"mediaType":"$gz","digest":"sha256:$layer2","size":$(size "$layer2")}]}
JSON
manifest=$(blob "$work/manifest")
cat >"$work/tar/index.json" <<JSON
{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:$manifest","size":$(size "$manifest"),"annotations":{"io.containerd.image.name":"docker.io/library/acuse:$version","org.opencontainers.image.ref.name":"$version"}}]}
JSON
cat >"$work/tar/manifest.json" <<JSON
[{"Config":"blobs/sha256/$config","RepoTags":["acuse:$version"],"Layers":["blobs/sha256/$layer1","blobs/sha256/$layer2"]}]
JSON
printf '{"imageLayoutVersion":"1.0.0"}\n' >"$work/tar/oci-layout"
find "$work/tar" -type f -exec chmod 644 {} +

LC_ALL=C tar --create --file="$file" --format=gnu --sort=name --mtime="@$SOURCE_DATE_EPOCH" \
  --owner=0 --group=0 --numeric-owner -C "$work/tar" blobs index.json manifest.json oci-layout
