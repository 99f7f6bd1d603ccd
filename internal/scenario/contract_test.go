package scenario

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the outside relies on: addresses, shapes and commands by name.
func TestContract(t *testing.T) {
	w := start(t, sqliteFlags(t))
	t.Run("addresses", func(t *testing.T) { addresses(t, w) })
	t.Run("errors", func(t *testing.T) { problems(t, w) })
	t.Run("resources", func(t *testing.T) { resources(t, w) })
	t.Run("wallet", func(t *testing.T) { wallet(t, w) })
	t.Run("commands", func(t *testing.T) { commands(t, w) })
	t.Run("examples of the description", func(t *testing.T) { examples(t, w) })
}

func addresses(t *testing.T, w *world) {
	for path, want := range map[string]int{
		"/": 200, "/resources": 200, "/needs": 200, "/programmes": 200, "/notices": 200, "/numbers": 200, "/calls": 200, "/sign-in": 200, "/register": 200,
		"/healthz": 200, "/readyz": 200, "/api": 200, "/api/openapi.json": 200, "/sitemap.xml": 200, "/.well-known/qiao": 200, "/robots.txt": 200,
		"/desk": 303, "/desk/orders": 303, "/account": 303, "/metrics": 404, "/nowhere": 404,
	} {
		if a := w.call("", "GET", path, nil); a.status != want {
			t.Errorf("GET %s: %d, want %d", path, a.status, want)
		}
	}
	for path, text := range map[string]string{"/?lang=en": `lang="en"`, "/": `lang="zh-CN"`} {
		if a := w.call("", "GET", path, nil); !bytes.Contains(a.body, []byte(text)) {
			t.Errorf("GET %s has no %s", path, text)
		}
	}
}

func problems(t *testing.T, w *world) {
	for _, c := range []struct {
		login, method, path string
		body                any
		status              int
		problem             string
	}{
		{"", "POST", "/api/v1/orders", map[string]any{"kind": "booking", "resource": "x"}, 401, "sign-in-needed"},
		{"lab", "GET", "/api/v1/wallet", nil, 403, ""},
		{"firm", "GET", "/api/v1/orders/00000000-0000-7000-8000-000000000000", nil, 404, ""},
		{"firm", "POST", "/api/v1/orders", map[string]any{"kind": "nonsense", "resource": "x"}, 422, ""},
	} {
		a := w.call(c.login, c.method, c.path, c.body)
		if a.status != c.status || a.problem() == "" || a.header.Get("Content-Type") != "application/problem+json" || c.problem != "" && a.problem() != c.problem {
			t.Errorf("%s %s as %q: %d %s", c.method, c.path, c.login, a.status, a.body)
		}
	}
}

func resources(t *testing.T, w *world) {
	var list struct {
		Items  []map[string]any            `json:"items"`
		Total  int                         `json:"total"`
		Facets map[string][]map[string]any `json:"facets"`
		Next   string                      `json:"next"`
	}
	w.call("", "GET", "/api/v1/resources?limit=5", nil).into(t, &list)
	if len(list.Items) != 5 || list.Total < 100 || list.Next == "" || len(list.Facets["kind"]) < 3 {
		t.Fatalf("%d items of %d, next %q, %d kinds", len(list.Items), list.Total, list.Next, len(list.Facets["kind"]))
	}
	seen := map[any]bool{}
	for next := "start"; next != "" && len(seen) < 40; next = list.Next {
		path := "/api/v1/resources?limit=5&cursor="
		if next != "start" {
			path += next
		}
		list.Next, list.Items = "", nil
		w.call("", "GET", path, nil).into(t, &list)
		for _, it := range list.Items {
			if seen[it["id"]] {
				t.Errorf("%v comes twice", it["id"])
			}
			seen[it["id"]] = true
		}
	}
	var two struct{ Total int }
	w.call("", "GET", "/api/v1/resources?kind=instrument&kind=service&limit=1", nil).into(t, &two)
	sum := 0
	for _, kind := range []string{"instrument", "service"} {
		var one struct{ Total int }
		w.call("", "GET", "/api/v1/resources?kind="+kind+"&limit=1", nil).into(t, &one)
		sum += one.Total
	}
	if two.Total != sum || sum == 0 {
		t.Errorf("OR within a facet gives %d, the parts give %d", two.Total, sum)
	}
	id, _ := list.Items[0]["id"].(string)
	for _, format := range []string{"", "?format=pidinst", "?format=uniquip"} {
		if a := w.call("", "GET", "/api/v1/resources/"+id+format, nil); a.status != http.StatusOK {
			t.Errorf("resource %s: %d %s", format, a.status, a.body)
		}
	}
}

func wallet(t *testing.T, w *world) {
	var purse struct {
		Items []map[string]any `json:"items"`
	}
	w.call("firm", "GET", "/api/v1/wallet", nil).into(t, &purse)
	if len(purse.Items) == 0 {
		t.Fatal("the demo firm has no voucher")
	}
	for _, name := range []string{"programme", "granted", "held", "used", "left", "expires"} {
		if _, ok := purse.Items[0][name]; !ok {
			t.Errorf("the wallet does not tell %s: %v", name, purse.Items[0])
		}
	}
}

func commands(t *testing.T, w *world) {
	if out, code := w.run("verify"); code != 0 || !strings.Contains(out, `"ok": true`) {
		t.Errorf("verify: %d %s", code, out)
	}
	if out, code := w.run("clock", "due", "--received", "2026-09-28", "--days", "5"); code != 0 || !strings.Contains(out, "2026-10-10") {
		t.Errorf("clock: %d %s", code, out) // 29 and 30 September, 8 and 9 October, and Saturday the 10th, a make-up day
	}
	if _, code := w.run("nonsense"); code != 2 {
		t.Errorf("an unknown command gives %d", code)
	}
	list := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(list, []byte("仪器名称,规格型号,生产厂商\n示例电镜,X-1,示例厂\n,没有名称,示例厂\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var me struct {
		Acting struct {
			Organisation string `json:"organisation"`
		} `json:"acting"`
	}
	w.call("lab", "GET", "/api/v1/me", nil).into(t, &me)
	for _, want := range []string{`"accepted": 1`, `"unchanged": 1`} {
		if out, code := w.run("import", "csv", list, "--org", me.Acting.Organisation); code != 1 || !strings.Contains(out, want) || !strings.Contains(out, `"rejected": 1`) {
			t.Errorf("import: %d %s", code, out)
		}
	}
	if out, code := w.run("export", "csv"); code != 0 || !strings.Contains(out, "示例电镜") {
		t.Errorf("export: %d, %d bytes", code, len(out))
	}
}

// examples runs every example body of the API's description; none may be refused as malformed.
func examples(t *testing.T, w *world) {
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct {
					Example json.RawMessage `json:"example"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
	}
	w.call("", "GET", "/api/openapi.json", nil).into(t, &doc)
	resource, free := w.freeSlots(1)
	fill := strings.NewReplacer("{resource}", resource, "{start}", free[0].Start, "{end}", free[0].End)
	n := 0
	for path, item := range doc.Paths {
		op, ok := item["post"]
		example := json.RawMessage(fill.Replace(string(op.RequestBody.Content["application/json"].Example)))
		if !ok || len(example) == 0 {
			continue
		}
		n++
		target := strings.NewReplacer("{id}", "00000000-0000-7000-8000-000000000000", "{verb}", "verify").Replace(path)
		for _, login := range []string{"firm", "lab", "officer"} {
			a := w.call(login, "POST", target, example)
			if a.status == http.StatusBadRequest || a.status >= 500 || a.status == http.StatusUnprocessableEntity && a.problem() == "invalid" {
				t.Errorf("POST %s as %s with its own example: %d %s", path, login, a.status, a.body)
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d examples in the description", n)
	}
}
