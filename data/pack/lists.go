package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"qiao/data"
	"qiao/internal/platform/money"
)

// packCalls keeps every row as it came and says beside it what is wrong with it.
func packCalls(from string) (table, error) {
	rows, err := source(from, "policies/fund-calls/cnki-apply-project-2017-9-26.csv")
	t := table{name: "calls", heading: data.CallColumns()}
	for _, r := range rows {
		title := strings.TrimSpace(strings.TrimPrefix(r["项目名称"], "[申报中]"))
		published, deadline := r["发布时间"], r["截止时间"]
		t.rows = append(t.rows, []string{r["Unnamed: 0"], title, r["项目来源"], published, deadline, strings.Join(flags(title, published, deadline), " ")})
	}
	return t, err
}

func flags(title, published, deadline string) []string {
	var out []string
	if !isDay(published) {
		out = append(out, data.FlagPublished)
	}
	if !isDay(deadline) {
		out = append(out, data.FlagDeadline)
	}
	if len(out) == 0 && deadline < published {
		out = append(out, data.FlagBackwards)
	}
	if strings.HasSuffix(title, "...") {
		out = append(out, data.FlagCut)
	}
	return out
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// packAwards turns 万元 into fen and finds the institution where its Chinese name is nobody else's.
func packAwards(from string, institutions *institutions) (table, error) {
	rows, err := source(from, "people/nsfc-awards-natural.csv")
	if err != nil {
		return table{}, err
	}
	t := table{name: "awards", heading: data.AwardColumns()}
	for _, r := range rows {
		yuan, err := money.Parse(r["金额"])
		if err != nil {
			return table{}, fmt.Errorf("award %s: amount %q: %w", r["项目批准号"], r["金额"], err)
		}
		begin, end, ok := strings.Cut(r["起止年月"], "-")
		if !ok {
			return table{}, fmt.Errorf("award %s: period %q", r["项目批准号"], r["起止年月"])
		}
		t.rows = append(t.rows, []string{
			r["项目批准号"], r["项目类别"], r["项目名称"], r["依托单位"], r["负责人"],
			strconv.FormatInt(int64(yuan)*10_000, 10), strings.ReplaceAll(begin, ".", "-"), strings.ReplaceAll(end, ".", "-"),
			r["总评"], institutions.byName[r["依托单位"]],
		})
	}
	sort.SliceStable(t.rows, func(i, j int) bool { return t.rows[i][0] < t.rows[j][0] })
	return t, nil
}

func packClasses(from string) (table, error) {
	rows, err := source(from, "codes/instrument-class/large-instrument-classes-4digit.csv")
	t := table{name: "instrument-classes", heading: data.CodeColumns()}
	for _, r := range rows { // the first level (the first two digits) has no rows of its own in the source
		t.rows = append(t.rows, []string{r["code"], r["code"][:2], "2", r["name"], ""})
	}
	return t, err
}

func packIndustries(from string) (table, error) {
	rows, err := source(from, "codes/industry/gbt4754-2017.csv")
	t := table{name: "industries", heading: data.CodeColumns()}
	for _, r := range rows {
		t.rows = append(t.rows, []string{r["code"], r["parent"], r["level"], r["name"], ""})
	}
	return t, err
}

func packDisciplines(from string) (table, error) {
	raw, err := os.ReadFile(filepath.Join(from, "codes/discipline/nsfc.jsonl")) //nolint:gosec // a path the caller names
	if err != nil {
		return table{}, fmt.Errorf("disciplines: %w", err)
	}
	t := table{name: "disciplines", heading: data.CodeColumns()}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d struct {
			ID      string   `json:"_id"`
			Name    string   `json:"name"`
			NameEN  string   `json:"name_en"`
			Parents []string `json:"parents"`
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			return table{}, fmt.Errorf("disciplines: %w", err)
		}
		parent := strings.Join(d.Parents, "")
		t.rows = append(t.rows, []string{d.ID, parent, strconv.Itoa((len(d.ID) - 1) / 2), d.Name, d.NameEN})
	}
	sort.SliceStable(t.rows, func(i, j int) bool { return t.rows[i][0] < t.rows[j][0] })
	return t, lines.Err()
}
