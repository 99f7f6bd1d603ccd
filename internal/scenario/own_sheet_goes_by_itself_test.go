package scenario

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// sheet is a month's list of a provider as it keeps it for itself.
func sheet(rows ...string) string {
	return "资产号,设备,购入价（元）,启用于,对外收费（欧元）,计费单位\n" + strings.Join(rows, "\n") + "\n"
}

// sent is what an import answers.
type sent struct {
	ID       string `json:"id"`
	Format   string `json:"format"`
	Accepted int    `json:"accepted"`
	Updated  int    `json:"updated"`
	Same     int    `json:"unchanged"`
	Rejected int    `json:"rejected"`
}

// An owner uploads its own sheet, adjusts two columns, saves what they mean; next month it goes by itself. Nobody else's
// sheet is read by it.
func TestAnOwnersSheetGoesByItself(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		may := sheet("Z-1,示例台式电镜,1200000,31/12/2019,\"120,50\",小时", "Z-2,示例恒温箱,36000,05/06/2020,面议,样品")
		if a := w.upload("lab", "/api/v1/imports?name=a.csv", may); a.status != http.StatusUnprocessableEntity || a.problem() != "headings-unknown" {
			t.Fatalf("a sheet that nobody has explained: %d %s", a.status, a.body)
		}
		var proposal struct {
			Plan map[string]any `json:"plan"`
		}
		w.upload("lab", "/api/v1/mappings/proposal?name=a.csv", may).into(t, &proposal)
		columns, ok := proposal.Plan["columns"].(map[string]any)
		if !ok || columns["设备"] != "@name" || columns["资产号"] != "source_id" || columns["计费单位"] != "@unit" || columns["启用于"] != "@none" {
			t.Fatalf("proposed: %v", proposal.Plan)
		}
		columns["启用于"], columns["购入价（元）"] = "commissioned", "worth"
		readings, ok := proposal.Plan["readings"].(map[string]any)
		if !ok {
			t.Fatalf("proposed: %v", proposal.Plan)
		}
		readings["启用于"], readings["购入价（元）"] = map[string]any{"dates": "dmy"}, map[string]any{"yuan": true}
		if a := w.call("lab", http.MethodPost, "/api/v1/mappings", map[string]any{"name": "示例资产表", "plan": proposal.Plan}); a.status != http.StatusCreated {
			t.Fatalf("save: %d %s", a.status, a.body)
		}
		if !contains(w.page("lab", "/desk/mappings"), "示例资产表") {
			t.Error("the saved mapping is not on its page")
		}
		var r sent
		w.upload("lab", "/api/v1/imports?name=may.csv&mapping=%E7%A4%BA%E4%BE%8B%E8%B5%84%E4%BA%A7%E8%A1%A8", may).into(t, &r)
		if r.Accepted != 2 || r.Rejected != 0 {
			t.Fatalf("May: %+v", r)
		}
		june := sheet("Z-1,示例台式电镜,1200000,31/12/2019,\"120,50\",小时", "Z-2,示例恒温箱,36000,05/06/2020,\"15,00\",样品", "Z-3,示例天平,9000,01/03/2024,\"8,00\",样品")
		w.upload("lab", "/api/v1/imports?name=june.csv", june).into(t, &r)
		if r.Format != "mapping" || r.Accepted != 1 || r.Updated != 1 || r.Same != 1 || r.Rejected != 0 {
			t.Fatalf("June: %+v", r)
		}
		if page := w.page("lab", "/desk/imports/"+r.ID); !contains(page, "示例资产表") {
			t.Error("the report does not name the mapping")
		}
		var found struct {
			Items []struct {
				NameZH string `json:"name_zh"`
				ID     string `json:"id"`
			} `json:"items"`
		}
		w.call("lab", http.MethodGet, "/api/v1/resources?q=%E7%A4%BA%E4%BE%8B%E5%8F%B0%E5%BC%8F%E7%94%B5%E9%95%9C", nil).into(t, &found)
		for _, x := range found.Items {
			if x.NameZH == "示例台式电镜" {
				if a := w.call("lab", http.MethodGet, "/api/v1/resources/"+x.ID, nil); !contains(a.body, "2019-12-31") || !contains(a.body, "EUR") {
					t.Errorf("as it came in: %s", a.body)
				}
			}
		}
		if a := w.upload("lab2", "/api/v1/imports?name=a.csv", may); a.status != http.StatusUnprocessableEntity {
			t.Errorf("another owner's sheet was read by it: %d %s", a.status, a.body)
		}
		w.verified()
	})
}

// upload sends a file as the body of a call.
func (w *world) upload(login, path, text string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+path, strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Authorization", "Bearer "+w.token(login))
	res, err := w.client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, b}
}
