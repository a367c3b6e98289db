-- E0910: an object kept for later
local kept return { api = 1, object = function(obj) kept = kept or obj end, objects = function() kept.kind = "Secret" end }
