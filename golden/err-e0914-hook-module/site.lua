local k8s = require "k8ss"
return { api = 1 }
