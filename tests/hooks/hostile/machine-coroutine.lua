-- E0902: coroutines, which start without limits
return coroutine.wrap(function() while true do end end)()
