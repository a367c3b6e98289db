// sarif FILE...: judges SARIF 2.1.0 logs by the schema of OASIS, and reads them as a consumer does. Prints a line a file: "FILE: N results",
// or "FILE: refused: ..."; exits with 1 when one was refused.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Where the source of go-sarif lies, set when this is built: it keeps the schema in a constant that it does not export, and its own
// validation would look at what its structs hold, not at the text.
var module string

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(2)
}

func schemaText() string {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(module, "pkg/report/v210/sarif/schema.go"), nil, 0)
	if err != nil {
		fail("%v", err)
	}
	value := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value
	text, err := strconv.Unquote(value)
	if err != nil {
		fail("%v", err)
	}
	return text
}

func compile() *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(schemaText()))
	if err != nil {
		fail("%v", err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", document); err != nil {
		fail("%v", err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		fail("%v", err)
	}
	return schema
}

func judge(schema *jsonschema.Schema, path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	if err := schema.Validate(document); err != nil {
		return 0, err
	}
	report, err := sarif.FromBytes(text)
	if err != nil {
		return 0, err
	}
	results := 0
	for _, run := range report.Runs {
		results += len(run.Results)
	}
	return results, nil
}

func main() {
	schema, refused := compile(), false
	for _, path := range os.Args[1:] {
		results, err := judge(schema, path)
		if err != nil {
			refused = true
			fmt.Printf("%s: refused: %s\n", path, strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Printf("%s: %d results\n", path, results)
	}
	if refused {
		os.Exit(1)
	}
}
