-- properties: lines `key=value`, as in server.properties. Comments and the order of lines stay.
local properties = {}

local function lines(text)
  local all = {}
  for line in (text:sub(-1) == "\n" and text or text .. "\n"):gmatch("([^\n]*)\n") do all[#all + 1] = line end
  return all
end

local function is(line, key)
  return line:sub(1, #key) == key and line:sub(#key + 1):match("^%s*=") ~= nil
end

-- The value of a key, or nil.
-- Example:
--   assert(properties.get("a=1\nb = 2\n", "b") == "2" and properties.get("a=1\n", "c") == nil)
function properties.get(text, key)
  for _, line in ipairs(lines(text)) do
    if is(line, key) then return line:sub(#key + 1):match("^%s*=%s*(.*)$") end
  end
end

-- The text with the key set: in its line, or in a new one at the end. Nothing is an error: properties.remove() removes.
-- Example:
--   assert(properties.set("# mine\na=1\n", "a", "2") == "# mine\na=2\n")
--   assert(properties.set("a=1\n", "b", 2) == "a=1\nb=2\n")
--   assert(not pcall(properties.set, "a=1\n", "a", plan.site.buffers))
function properties.set(text, key, value)
  local all, found = lines(text), false
  if value == nil or value == null then error("the key '" .. key .. "' has no value", 2) end
  for i, line in ipairs(all) do
    if is(line, key) then all[i], found = key .. "=" .. tostring(value), true end
  end
  if not found then all[#all + 1] = key .. "=" .. tostring(value) end
  return table.concat(all, "\n") .. "\n"
end

-- The text without the lines of the key.
-- Example:
--   assert(properties.remove("a=1\nb=2\n", "a") == "b=2\n")
function properties.remove(text, key)
  local kept = {}
  for _, line in ipairs(lines(text)) do
    if not is(line, key) then kept[#kept + 1] = line end
  end
  return #kept == 0 and "" or table.concat(kept, "\n") .. "\n"
end

return properties
