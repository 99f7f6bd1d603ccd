package importing

import (
	"encoding/json"
	"fmt"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/kinds"
)

// isWhole tells whether an object is a record of our own: what the API and a file of a search have, one a line.
func isWhole(r map[string]any) bool {
	_, kind := r["kind"].(string)
	_, fields := r["fields"].(map[string]any)
	return kind && fields
}

// fromWhole takes a record of our own apart; the keys are those of kinds.Set.Whole. What follows from the rest, and what only
// the node that wrote it knows, is left out.
func (s *Service) fromWhole(r map[string]any) map[string]string {
	out := map[string]string{}
	for _, key := range []string{"kind", "region", "country"} {
		out[key] = text(r[key])
	}
	k, _ := s.kinds.Find(out["kind"])
	fields, _ := r["fields"].(map[string]any)
	for _, f := range k.Fields {
		v := fields[f.Name]
		if f.Core {
			v = r[f.Name]
		}
		if shown := f.Show(v, false); shown != "" {
			out[f.Name] = shown
		}
	}
	if origin, ok := r["origin"].(map[string]any); ok && out["source_id"] == "" {
		out["source_id"] = text(origin["source_id"])
	}
	for _, key := range []string{"free", "voucher", "booking"} {
		if b, ok := r[key].(bool); ok {
			out[key] = kinds.Field{Type: kinds.Flag}.Show(b, false)
		}
	}
	for _, key := range []string{"access", "languages"} {
		out[key] = strings.Join(words(r[key]), ",")
	}
	var ids []string
	for _, x := range list(r["identifiers"]) {
		if _, ok := x.(map[string]any); !ok {
			ids = append(ids, strings.Join(strings.Fields(fmt.Sprint(x)), " "))
			continue
		}
		ids = append(ids, strings.ToUpper(text(inside(x, "scheme")))+" "+text(inside(x, "value")))
	}
	out["identifiers"] = strings.Join(ids, "\n")
	if prices, ok := r["prices"].([]any); r["prices"] != nil && (!ok || len(prices) > 0) {
		if b, err := json.Marshal(r["prices"]); err == nil {
			out["prices"] = string(b)
		}
	}
	if status := text(r["status"]); status != "" && status != catalogue.StatusPublished {
		out["status"] = status
	}
	return out
}

func words(v any) []string {
	var out []string
	for _, x := range list(v) {
		if s := text(x); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// readWhole reads what only records of our own and of other exchange formats have: region, country, languages, persistent
// ids, booking, and prices as they are.
func (r *rowReader) readWhole() {
	it := r.item
	if status := r.cell(kinds.TargetStatus); status != "" {
		r.fail(kinds.TargetStatus, "not-published", "这条记录的状态是“{0}”，只导入已发布的记录。", status)
	}
	it.Region = r.cell(kinds.TargetRegion)
	if c := r.cell(kinds.TargetCountry); c != "" {
		it.Country = &c
		it.Region = ""
	}
	if l := r.cell(kinds.TargetLanguages); l != "" {
		it.Languages = strings.Split(l, ",")
	}
	if ids := r.cell(kinds.TargetIdentifiers); ids != "" {
		it.Identifiers = catalogue.ReadIdentifiers(ids)
	}
	if booking := r.cell(kinds.TargetBooking); booking != "" {
		v, problem := kinds.Field{Type: kinds.Flag}.Parse(booking)
		if problem != nil {
			r.fail(kinds.TargetBooking, problem.Code, problem.Text, problem.Args...)
		} else if b, ok := v.(bool); ok {
			it.Booking = &b
		}
	}
	r.readLines()
}

// readLines reads price lines as the API has them.
func (r *rowReader) readLines() {
	text := r.cell(kinds.TargetPrices)
	if text == "" {
		return
	}
	var lines []catalogue.PriceLine
	if err := json.Unmarshal([]byte(text), &lines); err != nil {
		r.fail(kinds.TargetPrices, "wrong-type", "这一项的数据类型不对。")
		return
	}
	for i := range lines {
		lines[i].ID, lines[i].Resource = "", "" // they are of the record that was written
	}
	for _, f := range catalogue.CheckPrices(lines) {
		r.fail(kinds.TargetPrices, f.Code, f.Text, f.Args...)
	}
	r.item.Prices = append(r.item.Prices, lines...)
}
