/* The files of a folder, on any system.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>

/** Paths in the order of their bytes. */
struct files {
    char **path;
    size_t count;
};

/**
 * List the files of a folder in whose name `part` stands, but hidden ones.  False: there are none,
 * or the folder cannot be read.  files_free() it.
 */
bool files_list(struct files *files, const char *folder, const char *part);

void files_free(struct files *files);

#endif
