#!/bin/sh
# Reads names of users, one on a line. Prints for each the first line of the file with this name in the folder `callers` beside this
# program, such as
#   user=S-1-5-21-1-2-3-1104;groups=S-1-5-21-1-2-3-513;deny-only=none;incomplete=false
# and NULL if there is no such file.
cd "$(dirname "$0")/callers" || exit 1
while IFS= read -r name; do
    caller=NULL
    case $name in
        '' | .* | *[!A-Za-z0-9._@-]*) ;;
        *)
            if [ -r "$name" ]; then
                IFS= read -r caller <"$name" || caller=NULL
            fi
            ;;
    esac
    printf '%s\n' "$caller"
done
