-- quantity: amounts as Kubernetes writes them: "500m", "1.5Gi", "2". Numbers are thousandths, so that nothing is rounded.
local quantity = {}

local binary = { { "Ti", 1 << 40 }, { "Gi", 1 << 30 }, { "Mi", 1 << 20 }, { "Ki", 1 << 10 } }

-- The amount in thousandths: "1" is 1000. An error when it is none.
-- Example:
--   assert(quantity.parse("500m") == 500 and quantity.parse("2") == 2000 and quantity.parse("1Ki") == 1024000)
function quantity.parse(text)
  return gregor.quantity(tostring(text)) or error("'" .. tostring(text) .. "' is not a quantity", 2)
end

-- Bytes as the shortest binary text, rounded up to a byte.
-- Example:
--   assert(quantity.bytes(quantity.parse("1536Mi")) == "1536Mi" and quantity.bytes(quantity.parse("2048Mi")) == "2Gi")
function quantity.bytes(thousandths)
  local n = (thousandths + 999) // 1000
  for _, unit in ipairs(binary) do
    if n >= unit[2] and n % unit[2] == 0 then return n // unit[2] .. unit[1] end
  end
  return tostring(n)
end

-- Processors as text.
-- Example:
--   assert(quantity.cpu(2000) == "2" and quantity.cpu(1500) == "1500m")
function quantity.cpu(thousandths)
  return thousandths % 1000 == 0 and tostring(thousandths // 1000) or thousandths .. "m"
end

-- -1, 0 or 1: the first amount is smaller than, equal to, larger than the second.
-- Example:
--   assert(quantity.compare("1Gi", "1024Mi") == 0 and quantity.compare("500m", "1") == -1)
function quantity.compare(a, b)
  local x, y = quantity.parse(a), quantity.parse(b)
  return x < y and -1 or x > y and 1 or 0
end

return quantity
