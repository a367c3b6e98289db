/* embed: writes the files named on the command line as a sorted C table (source/builtin.h). Keeps every byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_bytes(FILE *f)
{
    int c, column = 0;
    while ((c = getc(f)) != EOF) {
        if (column == 0)
            printf("    \"");
        if (c == '\n')
            printf("\\n");
        else if (c == '"' || c == '\\' || c == '?')
            printf("\\%c", c);
        else if (c < 0x20 || c > 0x7e)
            printf("\\%03o", (unsigned)c);
        else
            putchar(c);
        if (c == '\n' || ++column > 110) {
            printf("\"\n");
            column = 0;
        }
    }
    printf(column == 0 ? "    \"\"" : "\"");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    qsort(argv + 1, (size_t)argc - 1, sizeof *argv, by_name);
    /* C11 promises literals of 4,095 bytes only; gcc and clang take any. */
    printf("#include \"source/builtin.h\"\n\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n#define FILE_OF(name, text) { name, text, sizeof text - 1 }\n\n"
           "const struct builtin builtins[] = {\n");
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (f == NULL) {
            perror(argv[i]);
            return 1;
        }
        printf("  FILE_OF(\"%s\",\n", argv[i]);
        write_bytes(f);
        printf("),\n");
        fclose(f);
    }
    printf("  { NULL, NULL, 0 }\n};\n");
    return 0;
}
