/* empty: a static process that does nothing, the floor that whole-program figures are compared with (M1). */
int main(void)
{
    return 0;
}
