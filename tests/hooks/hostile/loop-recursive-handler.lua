-- E0905: a message handler that raises errors
local function h() error("again") end while true do xpcall(error, h) end
