#include "command/against.h"
#include "command/fleet.h"
#include "command/report.h"

int command_check(struct command *c)
{
    struct fleet f = { .c = c, .folder = { .fd = -1 } };
    if (c->args.len == 0)
        return report_usage(c, NULL, "check needs a description; - is standard input");
    int status = against_check(c);
    if (status != EXIT_DONE)
        return status;
    status = fleet_run(&f, FLEET_NONE);
    fleet_free(&f);
    return status;
}
