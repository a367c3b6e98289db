-- Buffers for the network of this site, in the file of each broker.
return {
  api = 1,
  object = { kind = "ConfigMap", component = "broker", run = function(obj)
    for name, text in pairs(obj.data) do
      obj.data[name] = text .. "socket.send.buffer.bytes=1048576\nsocket.receive.buffer.bytes=1048576\n"
    end
  end },
}
