-- E0905: goto
::again:: goto again
