/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *joined(const char *folder, const char *name)
{
    size_t size = strlen(folder) + 1 + strlen(name) + 1;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static bool add(struct files *files, const char *folder, const char *name)
{
    char **grown = realloc(files->path, (files->count + 1) * sizeof *grown);

    if (!grown)
        return false;
    files->path = grown;
    files->path[files->count] = joined(folder, name);
    if (!files->path[files->count])
        return false;
    files->count++;
    return true;
}

static int compare(const void *first, const void *second)
{
    return strcmp(*(char *const *)first, *(char *const *)second);
}

bool files_list(struct files *files, const char *folder, const char *part)
{
    DIR *open = opendir(folder);
    const struct dirent *entry;
    bool complete = true;

    *files = (struct files){ NULL, 0 };
    while (open && complete && (entry = readdir(open)))
        if (entry->d_name[0] != '.' && strstr(entry->d_name, part))
            complete = add(files, folder, entry->d_name);
    if (open)
        closedir(open);
    if (!complete)
        files_free(files);
    if (files->count)
        qsort(files->path, files->count, sizeof *files->path, compare);
    return files->count != 0;
}

void files_free(struct files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->path[i]);
    free(files->path);
    *files = (struct files){ NULL, 0 };
}
