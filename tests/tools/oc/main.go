// oc: `oc process --local` through OpenShift's own library, with the steps of `oc`: given values, generated values, required ones,
// substitution, labels; a JSON List comes out. The rest of oc needs a server.
//
//	oc process -f TEMPLATE [-p NAME=VALUE]... [-l KEY=VALUE]... --local
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"time"

	templatev1 "github.com/openshift/api/template/v1"
	"github.com/openshift/library-go/pkg/template/generator"
	"github.com/openshift/library-go/pkg/template/templateprocessing"
	"github.com/spf13/pflag"
	"sigs.k8s.io/yaml"
)

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "error: "+format+"\n", args...)
	os.Exit(1)
}

func read(path string) *templatev1.Template {
	bytes, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	t := &templatev1.Template{}
	if err := yaml.UnmarshalStrict(bytes, t); err != nil {
		fail("%v", err)
	}
	if t.APIVersion != "template.openshift.io/v1" || t.Kind != "Template" {
		fail("unable to process template of %s %s", t.APIVersion, t.Kind)
	}
	return t
}

// pairs splits NAME=VALUE; a name given twice is an error, as it is for oc.
func pairs(list []string, what string) map[string]string {
	m := map[string]string{}
	for _, s := range list {
		name, value, found := strings.Cut(s, "=")
		if _, twice := m[name]; !found || twice {
			fail("invalid or repeated %s %q", what, s)
		}
		m[name] = value
	}
	return m
}

func give(t *templatev1.Template, values map[string]string) {
	for name, value := range values {
		p := templateprocessing.GetParameterByName(t, name)
		if p == nil {
			fail("unknown parameter name %q", name)
		}
		p.Value, p.Generate = value, ""
	}
}

func main() {
	if len(os.Args) < 2 || os.Args[1] != "process" {
		fail("this oc knows only `oc process`")
	}
	flags := pflag.NewFlagSet("process", pflag.ExitOnError)
	file := flags.StringP("filename", "f", "", "the template")
	params := flags.StringArrayP("param", "p", nil, "NAME=VALUE")
	labels := flags.StringArrayP("labels", "l", nil, "KEY=VALUE")
	local := flags.Bool("local", false, "do not contact a server")
	flags.Parse(os.Args[2:])
	if !*local {
		fail("this oc knows only --local")
	}
	t := read(*file)
	give(t, pairs(*params, "parameter"))
	for k, v := range pairs(*labels, "label") {
		if t.ObjectLabels == nil {
			t.ObjectLabels = map[string]string{}
		}
		t.ObjectLabels[k] = v
	}
	generators := map[string]generator.Generator{
		"expression": generator.NewExpressionValueGenerator(rand.New(rand.NewSource(time.Now().UnixNano()))),
	}
	if errs := templateprocessing.NewProcessor(generators).Process(t); len(errs) > 0 {
		fail("%v", errs.ToAggregate())
	}
	out, err := json.MarshalIndent(map[string]any{"apiVersion": "v1", "kind": "List", "metadata": map[string]any{}, "items": t.Objects}, "", "    ")
	if err != nil {
		fail("%v", err)
	}
	fmt.Println(string(out))
	if t.Message != "" {
		fmt.Fprintln(os.Stderr, t.Message)
	}
}
