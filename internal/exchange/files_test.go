package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

func (n *node) file(shape, query string) []byte {
	n.t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		n.t.Fatal(err)
	}
	if err := n.catalogue.Rebuild(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := n.Export(n.t.Context(), &b, shape, v, 1000); err != nil {
		n.t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesOfASearch(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		org := n.org("示例·南湖检测研究院", "330402")
		n.put(org, some(12)...)
		n.put(org, thing("instrument", "EVIL", "model", "=HYPERLINK(1)", "contact", "某人"), thing("literature", "L-1", "authors", []string{"张三"}), thing("service", "S-1"))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(n.file("csv", "kind=instrument")), "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != 14 {
			t.Fatalf("%d rows %v", len(rows), err)
		}
		text := string(n.file("csv", ""))
		if !strings.Contains(text, "'=HYPERLINK(1)") || strings.Contains(text, "某人") || !strings.Contains(text, "示例 Sample") || !strings.Contains(text, "CC0-1.0") || strings.Count(text, "\n") != 16 {
			t.Error(text)
		}
		f, err := excelize.OpenReader(bytes.NewReader(n.file("xlsx", "q=HYPERLINK")))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.GetRows("Sheet1"); err != nil || len(got) < 2 {
			t.Errorf("%d rows %v", len(got), err)
		}
		for shape, want := range map[string]int{"pidinst": 13, "nrii": 13, "jsonl": 15, "uniquip": 14, "bibtex": 1, "ris": 1} {
			b := n.file(shape, "")
			got := strings.Count(string(b), "\n")
			switch shape {
			case "pidinst", "nrii":
				var l []map[string]any
				if err := json.Unmarshal(b, &l); err != nil {
					t.Errorf("%s: %v", shape, err)
				}
				got = len(l)
			case "bibtex":
				got = strings.Count(string(b), "@")
			case "ris":
				got = strings.Count(string(b), "TY  -")
			}
			if got != want {
				t.Errorf("%s: %d, want %d", shape, got, want)
			}
		}
		if b := n.file("pidinst", "kind=service"); strings.TrimSpace(string(b)) != "[]" {
			t.Errorf("services as PIDINST: %s", b)
		}
		var all bytes.Buffer
		if err := n.Leave(t.Context(), &all); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(all.Bytes()), int64(all.Len()))
		if err != nil || len(z.File) != 4 {
			t.Fatalf("%v", err)
		}
		r, err := z.File[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		lines, err := io.ReadAll(r)
		if err != nil || strings.Count(string(lines), "\n") != 15 || !strings.Contains(string(lines), "某人") {
			t.Errorf("%v %s", err, lines)
		}
	})
}

func TestNationalQueue(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		org := n.org("示例·南湖检测研究院", "330402")
		sub := identity.Subject{Person: "p", Membership: "m", Org: org, OrgStatus: identity.StatusVerified, Role: "admin", Region: "330402", Capacities: []string{"provider"}}
		whole := thing("instrument", "W-1", "class", "010101", "acquired_by", "购置", "customs", false, "worth", int64(100_000_000), "nation", "中国", "maker", "示例", "commissioned", "2020-01-01", "instrument_type", "通用", "model", "M", "technical", "t", "function", "f",
			"subjects", []string{"物理学"}, "content", "c", "condition", "正常", "requirement", "r", "fee", "f", "province", "浙江省", "city", "嘉兴市", "county", "南湖区", "street", "s", "contact", "某人", "phone", "1", "email", "a@example.com", "address", "a", "postcode", "314000", "share_mode", "外部共享")
		out := n.put(org, whole, thing("instrument", "W-2"))
		list, err := n.Standings(t.Context(), sub)
		if err != nil || len(list) != 2 {
			t.Fatalf("%v %v", list, err)
		}
		if got, err := n.Queue(t.Context(), sub); err != nil || got != 1 { // the other lacks nearly everything
			t.Fatalf("%d queued %v %+v", got, err, list)
		}
		p, body, err := n.Send(t.Context(), sub, "INS-1")
		if err != nil || p.Records != 1 || !strings.Contains(string(body), `"auditStatus": 0`) || !strings.Contains(string(body), "某人") {
			t.Fatalf("%+v %v %s", p, err, body)
		}
		if _, _, err := n.Send(t.Context(), sub, ""); !fault.Is(err, "nothing-queued") {
			t.Errorf("sent twice: %v", err)
		}
		if got, err := n.Queue(t.Context(), sub); err != nil || got != 0 { // locked
			t.Errorf("%d queued %v", got, err)
		}
		n.put(org, catalogue.Incoming{Kind: "instrument", SourceID: "W-1", Values: map[string]any{"model": "N"}})
		if list, err = n.Standings(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
		for _, st := range list {
			if st.ID == out[0].Resource && (!st.ChangedSince() || st.State != ReportLocked) {
				t.Errorf("%+v", st.Report)
			}
		}
		if err := n.Answer(t.Context(), sub, out[0].Resource, "reject", ""); !fault.Is(err, "reason-needed") {
			t.Errorf("a rejection without a reason: %v", err)
		}
		if err := n.Answer(t.Context(), sub, out[0].Resource, "reject", "分类有误"); err != nil {
			t.Fatal(err)
		}
		if got, err := n.Queue(t.Context(), sub); err != nil || got != 1 {
			t.Errorf("after a rejection: %d queued %v", got, err)
		}
		if err := n.Answer(t.Context(), sub, out[1].Resource, "accept", ""); err == nil {
			t.Error("what was never reported was accepted")
		}
	})
}

// The files of the command line are our own template, a worksheet for each kind; the manifest counts what is taken away.
func TestEverythingCanBeTakenAway(t *testing.T) {
	eachNode(t, func(t *testing.T, n *node) {
		org := n.org("示例·南湖检测研究院", "330402")
		n.Tables = []Table{{"programmes.jsonl", func(_ context.Context, _ db.Q, put func(any) error) error { return put(1) }}}
		n.put(org, thing("instrument", "A-1", "model", "=1+1"), thing("instrument", "A-2"), thing("service", "S-1"))
		if err := n.catalogue.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		for shape, want := range map[string]int{"csv": 3, "jsonl": 3, "uniquip": 3} { // a heading, or a service
			var b bytes.Buffer
			if err := n.ExportAll(t.Context(), &b, shape, ""); err != nil || strings.Count(b.String(), "\n") != want || strings.Contains(b.String(), ",=1+1") {
				t.Errorf("%s: %v %s", shape, err, b.String())
			}
		}
		var b bytes.Buffer
		if err := n.ExportAll(t.Context(), &b, "xlsx", ""); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil || len(book.GetSheetList()) != 2 {
			t.Fatalf("%v %v", book, err)
		}
		if rows, err := book.GetRows(book.GetSheetList()[0]); err != nil || len(rows) != 3 {
			t.Errorf("%v %v", rows, err)
		}
		for _, bad := range [][2]string{{"docx", ""}, {"csv", "spaceship"}} {
			if err := n.ExportAll(t.Context(), io.Discard, bad[0], bad[1]); fault.Of(err).Kind != fault.BadRequest {
				t.Errorf("%v: %v", bad, err)
			}
		}
		manifested(t, n)
	})
}

// manifested checks every line of the manifest against the files beside it.
func manifested(t *testing.T, n *node) {
	t.Helper()
	var b bytes.Buffer
	if err := n.Leave(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		return data
	}
	var m manifest
	if err := json.Unmarshal(read("manifest.json"), &m); err != nil || len(m.Files) != 4 || m.Made != "2026-11-21T06:00:00Z" || m.Licence == "" {
		t.Fatalf("%+v %v", m, err)
	}
	for _, f := range m.Files {
		data := read(f.Name)
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(data)) != f.Bytes || bytes.Count(data, []byte("\n")) != f.Rows || f.Rows == 0 && f.Name != "sources.jsonl" {
			t.Errorf("%+v has %d bytes", f, len(data))
		}
	}
}
