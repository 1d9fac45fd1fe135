#!/bin/sh
# Writes a folder as a tar in which nothing is by chance: order, owner and time.
#   archive.sh FOLDER NAME FILE   (NAME is what the folder is called in it; "." for no name)
set -eu
: "${SOURCE_DATE_EPOCH:?the time of every file, in seconds since 1970}"
folder=$1 name=$2 file=$3
LC_ALL=C tar --create --file="$file" --format=gnu --sort=name --mtime="@$SOURCE_DATE_EPOCH" \
  --owner=0 --group=0 --numeric-owner --transform="flags=r;s,^\\.,$name," -C "$folder" .
