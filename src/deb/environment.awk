# Reads a file as systemd's EnvironmentFile= does, and writes it as commands of a shell. The rules,
# state by state, are those of systemd's parser (src/basic/env-file.c): nothing is expanded; quotes
# count at the beginning of a value and after a quoted part; a backslash outside quotes takes the
# next character as it is.

{ text = text $0 "\n" }

END {
  state = "before key"
  n = length(text)
  for (i = 1; i <= n; i++) {
    c = substr(text, i, 1)
    newline = (c == "\n" || c == "\r")
    space = (newline || c == " " || c == "\t")
    if (state == "before key") {
      if (c == "#" || c == ";") state = "comment"
      else if (!space) { state = "key"; key = c; value = "" }
    } else if (state == "comment") {
      if (newline) state = "before key"
    } else if (state == "key") {
      if (newline) state = "before key"
      else if (c == "=") state = "before value"
      else key = key c
    } else if (state == "before value") {
      if (newline) write()
      else if (c == "'") state = "single"
      else if (c == "\"") state = "double"
      else if (c == "\\") { state = "escape"; kept = length(value) }
      else if (!space) { state = "value"; value = value c; kept = length(value) }
    } else if (state == "value") {
      # Blanks at the end of the line are no part of it.
      if (newline) { value = substr(value, 1, kept); write() }
      else if (c == "\\") { state = "escape"; kept = length(value) }
      else { value = value c; if (!space) kept = length(value) }
    } else if (state == "escape") {
      state = "value"
      if (!newline) { value = value c; kept = length(value) }
    } else if (state == "single") {
      if (c == "'") state = "before value"
      else value = value c
    } else if (state == "double") {
      if (c == "\"") state = "before value"
      else if (c == "\\") state = "double escape"
      else value = value c
    } else if (state == "double escape") {
      state = "double"
      if (c == "\"" || c == "\\" || c == "`" || c == "$") value = value c
      else if (c != "\n") value = value "\\" c
    }
  }
  # A file may end within a value: systemd takes what there is.
  if (state == "value") value = substr(value, 1, kept)
  if (state != "before key" && state != "comment" && state != "key") write()
}

function write() {
  state = "before key"
  sub(/[ \t]+$/, "", key)
  if (key ~ /^[A-Za-z_][A-Za-z0-9_]*$/) {
    gsub(/'/, "'\\''", value)
    printf "export %s='%s'\n", key, value
  }
}
