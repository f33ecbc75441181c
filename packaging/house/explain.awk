# SPDX-License-Identifier: GPL-2.0-or-later
# From one line of fields for each abort (packaging/try says which) to a report.

BEGIN {
    FS = "\t"
    split("possible likely certain", confidence, " ")
}

{
    frame = $1
    if ($8 != "") {
        repeats[$8]++
        repeated++
        next
    }
    order[++aborts] = frame
    line[frame] = $0
}

function plural(count) {
    return count == 1 ? "" : "s"
}

# The words of text in lines of at most 98 bytes: the first after lead, the rest below it.
function paragraph(lead, text,    words, count, i, row) {
    count = split(text, words, " ")
    row = lead words[1]
    gsub(/[^ ]/, " ", lead)
    for (i = 2; i <= count; i++) {
        if (length(row) + 1 + length(words[i]) <= 98) {
            row = row " " words[i]
        } else {
            print row
            row = lead words[i]
        }
    }
    print row
}

function heading(cause, sure) {
    printf "frame %s  %.6f s  stream %s  %s, %s", $1, $2, $3, cause, sure
    if (repeats[$1])
        printf "  (and %d repeat%s)", repeats[$1], plural(repeats[$1])
    print ""
}

function explain(    cause, harmless, clues, count, i) {
    cause = $4 ($5 == "" ? "" : " / " $5)
    harmless = $7 == "1" || $7 == "True"
    total[$4]++
    if (harmless)
        quiet[$4]++

    heading(cause, confidence[$6] (harmless ? ", harmless" : ""))
    paragraph("    ", $9)
    if (!harmless) {
        count = split($10, clues, "\037")
        for (i = 1; i <= count; i++)
            paragraph("    - ", clues[i])
        # On one line: it may end in a command to copy.
        if ($11 in advised)
            print "    next: as for frame " advised[$11]
        else if ($11 != "") {
            print "    next: " $11
            advised[$11] = $1
        }
    }
    print ""
}

END {
    for (i = 1; i <= aborts; i++) {
        $0 = line[order[i]]
        if (!total[$4])
            causes[++kinds] = $4
        explain()
    }
    if (!aborts) {
        print "No TCP connection in this capture was aborted."
        exit
    }
    printf "%d abort%s", aborts, plural(aborts)
    if (repeated)
        printf " (%d more RST%s them)", repeated, repeated == 1 ? " repeats" : "s repeat"
    for (i = 1; i <= kinds; i++) {
        printf "%s%s %d", (i == 1 ? ": " : ", "), causes[i], total[causes[i]]
        if (quiet[causes[i]])
            printf " (%d harmless)", quiet[causes[i]]
    }
    print ""
}
