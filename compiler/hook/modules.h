/* modules.h: the modules of stdlib/lua as Lua's own code, compiled when gregor is built. Made by generate/modules.c with the Lua that is
 * linked: no other code is ever loaded. */
#ifndef GREGOR_HOOK_MODULES_H
#define GREGOR_HOOK_MODULES_H

#include <stddef.h>

struct module_code {
    const char          *name; /* "stdlib/lua/k8s.lua" */
    const unsigned char *code;
    size_t               len;
};

/* Ends with a NULL name. */
extern const struct module_code module_codes[];

#endif
