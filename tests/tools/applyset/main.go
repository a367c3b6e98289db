// applyset PARENT MEMBERS: what kubectl's own code says of the parent of an ApplySet and of its members, as `kubectl apply --prune
// --applyset=configmaps/NAME` would use them: it accepts the parent, may label the members, and would itself have made such a parent.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/rest/fake"
	"k8s.io/kubectl/pkg/cmd/apply"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
)

const tooling = apply.ApplySetToolingAnnotation

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func read(path string) []*unstructured.Unstructured {
	data, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	var all []*unstructured.Unstructured
	for d := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096); ; {
		object := &unstructured.Unstructured{}
		if err := d.Decode(object); err == io.EOF {
			return all
		} else if err != nil {
			fail("%s: %v", path, err)
		}
		if len(object.Object) > 0 {
			all = append(all, object)
		}
	}
}

// A namespaced kind is one whose objects have a namespace.
func mapper(objects []*unstructured.Unstructured) *meta.DefaultRESTMapper {
	var versions []schema.GroupVersion
	for _, o := range objects {
		versions = append(versions, o.GroupVersionKind().GroupVersion())
	}
	m := meta.NewDefaultRESTMapper(versions)
	for _, o := range objects {
		scope := meta.RESTScopeRoot
		if o.GetNamespace() != "" {
			scope = meta.RESTScopeNamespace
		}
		m.Add(o.GroupVersionKind(), scope)
	}
	return m
}

// An API server that has the parent, or not (nil), and keeps what is sent to change it.
func server(parent *unstructured.Unstructured, patch *metav1.PartialObjectMetadata) *fake.RESTClient {
	answer := func(code int, object any) *http.Response {
		body, err := json.Marshal(object)
		if err != nil {
			fail("%v", err)
		}
		return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body))}
	}
	return &fake.RESTClient{
		NegotiatedSerializer: resource.UnstructuredPlusDefaultContentConfig().NegotiatedSerializer,
		Client: fake.CreateHTTPClient(func(r *http.Request) (*http.Response, error) {
			if r.Method == "PATCH" {
				body, _ := io.ReadAll(r.Body)
				if err := json.Unmarshal(body, patch); err != nil {
					fail("%v", err)
				}
				return answer(200, patch), nil
			}
			if parent == nil {
				return answer(404, metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure", Reason: "NotFound", Code: 404}), nil
			}
			return answer(200, parent.Object), nil
		}),
	}
}

// One run of kubectl up to the point where it applies the members. Returns the metadata that it gives the parent.
func run(stored, parent *unstructured.Unstructured, members []*unstructured.Unstructured) *metav1.PartialObjectMetadata {
	patch := &metav1.PartialObjectMetadata{}
	m := mapper(append(members, parent))
	ref, err := apply.ParseApplySetParentRef("configmaps/"+parent.GetName(), m)
	if err != nil {
		fail("%v", err)
	}
	ref.Namespace = parent.GetNamespace()
	set := apply.NewApplySet(ref, apply.ApplySetTooling{Name: "kubectl", Version: apply.ApplySetToolVersion}, m, server(stored, patch))
	if err := set.Validate(context.Background(), nil); err != nil {
		fail("%v", err)
	}
	var infos []*resource.Info
	for _, o := range members {
		mapping, err := m.RESTMapping(o.GroupVersionKind().GroupKind())
		if err != nil {
			fail("%v", err)
		}
		infos = append(infos, &resource.Info{Mapping: mapping, Namespace: o.GetNamespace(), Name: o.GetName(), Object: o.DeepCopy()})
	}
	if err := set.AddLabels(infos...); err != nil {
		fail("%v", err)
	}
	if err := set.BeforeApply(infos, cmdutil.DryRunNone, "Strict"); err != nil {
		fail("%v", err)
	}
	return patch
}

// The version of the tool is kubectl's own.
func same(parent *unstructured.Unstructured, patch *metav1.PartialObjectMetadata) {
	ours, theirs := map[string]string{}, patch.Annotations
	for key, value := range parent.GetAnnotations() {
		if strings.HasPrefix(key, "applyset.kubernetes.io/") {
			ours[key] = value
		}
	}
	delete(ours, tooling)
	delete(theirs, tooling)
	if !maps.Equal(ours, theirs) {
		fail("the annotations are %v, kubectl's are %v", ours, theirs)
	}
	for key, value := range patch.Labels {
		if parent.GetLabels()[key] != value {
			fail("the label %s is %q, kubectl's is %q", key, parent.GetLabels()[key], value)
		}
	}
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: applyset PARENT MEMBERS")
	}
	before, members := read(os.Args[1]), read(os.Args[2])
	if len(before) == 0 || len(members) == 0 {
		fail("nothing to judge")
	}
	parent := before[len(before)-1]
	same(parent, run(nil, parent, members))
	same(parent, run(parent, parent, members))
	fmt.Println(parent.GetLabels()[apply.ApplySetParentIDLabel])
}
