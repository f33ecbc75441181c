/* Gives a fuzzer the files of a folder, so that what was found stays found, with any compiler.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"
#include "fuzz.h"

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
    struct files files;
    int failed = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    if (!files_list(&files, argv[1], "")) {
        fprintf(stderr, "nothing in %s\n", argv[1]);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < files.count; i++)
        failed |= replay(files.path[i]);
    printf("%zu inputs\n", files.count);
    files_free(&files);
    return failed;
}
