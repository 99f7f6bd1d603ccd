package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// maxRecords is how many records a JSON file may hold, as many as a spreadsheet may have rows.
const maxRecords = 50_000

// isJSON tells whether a file of a format that has both shapes is the JSON one.
func isJSON(format string, data []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))
	return format == "pidinst" || format == "nrii" && len(text) > 0 && (text[0] == '[' || text[0] == '{')
}

// readRecords turns JSON records (a list, or one) into a table: the n-th record is row n.
func readRecords(name, format string, data []byte) (*sheet.Table, error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))
	var records []map[string]any
	err := json.Unmarshal(data, &records)
	if err != nil && len(data) > 0 && data[0] == '{' {
		var one map[string]any
		if err = json.Unmarshal(data, &one); err == nil {
			records = []map[string]any{one}
		}
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "json-unreadable", "文件“{0}”不是可以读取的 JSON 记录列表，可能没有上传完整。", name).Because(err)
	}
	if len(records) > maxRecords {
		return nil, fault.New(fault.TooLarge, "sheet-too-many-rows", "文件“{0}”超过 {1} 行。请拆成几个文件，分次上传。", name, maxRecords)
	}
	flat := make([]map[string]string, len(records))
	headings := map[string]bool{}
	for i, r := range records {
		if flat[i] = flatten(r); format == "pidinst" {
			flat[i] = fromPidinst(r)
		}
		for h := range flat[i] {
			headings[h] = true
		}
	}
	t := &sheet.Table{Format: "json", Headings: slices.Sorted(maps.Keys(headings))}
	for i, r := range flat {
		row := sheet.Row{Number: i + 1, Cells: make([]string, len(t.Headings))}
		for j, h := range t.Headings {
			row.Cells[j] = r[h]
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// flatten keeps the plain values of a record; lists of them are joined by commas.
func flatten(r map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range r {
		switch x := v.(type) {
		case nil, map[string]any:
		case []any:
			var parts []string
			for _, p := range x {
				parts = append(parts, fmt.Sprint(p))
			}
			out[k] = strings.Join(parts, ",")
		case float64:
			out[k] = strings.TrimSuffix(fmt.Sprintf("%.4f", x), ".0000")
		default:
			out[k] = strings.TrimSpace(fmt.Sprint(x))
		}
	}
	return out
}

// fromPidinst takes a PIDINST record apart; the keys are those of kinds.PidinstColumns.
func fromPidinst(r map[string]any) map[string]string {
	out := map[string]string{"name": text(r["name"]), "description": text(r["description"]), "landingPage": text(r["landingPage"]), "modelName": text(inside(r["model"], "modelName"))}
	out["manufacturerName"] = strings.Join(texts(r["manufacturers"], "manufacturerName"), " / ")
	out["instrumentTypeName"] = strings.Join(texts(r["instrumentTypes"], "instrumentTypeName"), " / ")
	out["measuredVariables"] = flatten(map[string]any{"v": r["measuredVariables"]})["v"]
	for _, d := range list(r["dates"]) {
		if text(inside(d, "dateType")) == "Commissioned" {
			out["commissioned"] = text(inside(d, "date"))
		}
	}
	out["identifier"] = text(inside(r["identifier"], "identifier"))
	for _, a := range list(r["alternateIdentifiers"]) {
		switch text(inside(a, "alternateIdentifierType")) {
		case "SerialNumber":
			out["serialNumber"] = text(inside(a, "alternateIdentifier"))
		case "InventoryNumber":
			out["identifier"] = text(inside(a, "alternateIdentifier"))
		}
	}
	if out["manufacturerName"] == ":unkn" { // DataCite's word for unknown
		out["manufacturerName"] = ""
	}
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

func inside(v any, key string) any {
	m, _ := v.(map[string]any)
	return m[key]
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// texts is one text of every object in a list.
func texts(v any, key string) []string {
	var out []string
	for _, x := range list(v) {
		if s := text(inside(x, key)); s != "" {
			out = append(out, s)
		}
	}
	return out
}
