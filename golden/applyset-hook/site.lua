-- Objects of the site's own, of kinds that gregor makes none of.
return {
  api = 1,
  objects = function(list, plan)
    list[#list + 1] = {
      apiVersion = "example.com/v1", kind = "Rota", metadata = { name = "on-call", namespace = plan.namespace },
      spec = { team = "payments" },
    }
    list[#list + 1] = {
      apiVersion = "v1", kind = "PersistentVolume", metadata = { name = "archive" },
      spec = {
        capacity = { storage = "10Gi" }, accessModes = { "ReadWriteOnce" }, persistentVolumeReclaimPolicy = "Retain",
        csi = { driver = "disks.example.com", volumeHandle = "archive-1" },
      },
    }
  end,
}
