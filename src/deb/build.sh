#!/bin/sh
# Makes the Debian package.
#   build.sh VERSION HOME WORK OUT
set -eu
umask 022
here=$(cd -- "$(dirname -- "$0")" && pwd)
version=$1 home=$2 work=$3 out=$4
: "${SOURCE_DATE_EPOCH:?the time of every file, in seconds since 1970}"
architecture=$(dpkg --print-architecture)

rm -rf "$work"
mkdir -p "$work/DEBIAN" "$work/usr/bin" "$work/usr/lib/acuse" "$work/etc/acuse" \
  "$work/lib/systemd/system" "$work/usr/share/doc/acuse" "$work/usr/share/man/man1" \
  "$work/usr/share/lintian/overrides"
cp -a "$home/bin" "$home/lib" "$home/runtime" "$work/usr/lib/acuse/"
cp "$here/as-service" "$here/environment.awk" "$here/paths.env" "$work/usr/lib/acuse/lib/"
cp "$here/acuse" "$work/usr/bin/acuse"
cp "$here/acuse.service" "$work/lib/systemd/system/acuse.service"
cp "$home/config.yml" "$here/acuse.env" "$work/etc/acuse/"
cp "$here/copyright" "$work/usr/share/doc/acuse/copyright"
cp "$here/lintian-overrides" "$work/usr/share/lintian/overrides/acuse"
gzip -n -9 <"$here/acuse.1" >"$work/usr/share/man/man1/acuse.1.gz"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")/" \
  "$here/changelog.in" | gzip -n -9 >"$work/usr/share/doc/acuse/changelog.gz"

# The oldest libc that has what this Java asks for.
libc=$(find "$home/runtime" -type f \( -name '*.so' -o -name java \) -exec grep -hoaE 'GLIBC_2\.[0-9]+' {} + |
  sort -uV | tail -1)
size=$(find "$work" -path "$work/DEBIAN" -prune -o -type f -printf '%s\n' |
  awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
  -e "s/@LIBC@/${libc#GLIBC_}/" "$here/control.in" >"$work/DEBIAN/control"
cp "$here/conffiles" "$here/templates" "$here/postinst" "$here/prerm" "$here/postrm" "$work/DEBIAN/"
(cd "$work" && find . -path ./DEBIAN -prune -o -type f ! -path './etc/*' -printf '%P\n' | LC_ALL=C sort |
  xargs md5sum) >"$work/DEBIAN/md5sums"

find "$work" -type d -exec chmod 755 {} +
find "$work/DEBIAN" "$work/etc" "$work/lib" "$work/usr/share" -type f -exec chmod 644 {} +
chmod 644 "$work/usr/lib/acuse/lib/environment.awk" "$work/usr/lib/acuse/lib/paths.env"
chmod 755 "$work/DEBIAN/postinst" "$work/DEBIAN/prerm" "$work/DEBIAN/postrm" \
  "$work/usr/bin/acuse" "$work/usr/lib/acuse/lib/as-service"
chmod 640 "$work/etc/acuse/acuse.env"
# dpkg-deb clamps times that are later only, so each file gets the one there is.
find "$work" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# xz, because every apt reads it; its lowest level takes a quarter of the time, for 2 MB more. One thread,
# because the number of threads changes the bytes.
dpkg-deb --root-owner-group -Zxz -z0 --threads-max=1 --build "$work" "$out/acuse_${version}_$architecture.deb" >&2
