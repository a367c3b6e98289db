// kyaml: YAML documents from standard input as the encoder of sigs.k8s.io/yaml, which kubectl uses, writes them.
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml/kyaml"
)

func main() {
	if err := (&kyaml.Encoder{}).FromYAML(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
