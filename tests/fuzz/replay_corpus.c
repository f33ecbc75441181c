/* Gives a fuzzer the files of a folder, so that what was found stays found, with any compiler.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <glob.h>

static int replay(const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (!file) {
        perror(path);
        return EXIT_FAILURE;
    }
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fprintf(stderr, "%s\n", path);
    return LLVMFuzzerTestOneInput(bytes, size);
}

int main(int argc, char **argv)
{
    char pattern[4096];
    glob_t files;
    int failed = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    snprintf(pattern, sizeof pattern, "%s/*", argv[1]);
    if (glob(pattern, 0, NULL, &files) != 0) {
        fprintf(stderr, "nothing in %s\n", argv[1]);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < files.gl_pathc; i++)
        failed |= replay(files.gl_pathv[i]);
    printf("%zu inputs\n", files.gl_pathc);
    globfree(&files);
    return failed;
}
