-- E0902: a message that commands the terminal
error("\27[2J\27]0;owned\7")
