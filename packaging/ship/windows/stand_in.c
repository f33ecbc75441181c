/* Where every function of a stand-in ends up.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "stand_in.h"

#include <stddef.h>

__declspec(dllexport) stand_in_answer *stand_in_answers;

stand_in_answer stand_in_called;

void *stand_in_called(const char *name, void *first, void *second, void *third)
{
    return stand_in_answers ? stand_in_answers(name, first, second, third) : NULL;
}
