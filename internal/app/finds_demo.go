//i18n:data what people of the demo type

package app

import (
	"context"
	"fmt"

	"qiao/internal/catalogue"
	"qiao/internal/find"
	"qiao/internal/identity"
)

// keepDemo gives the demo's firm something kept: two searches with alerts, and favourites with a note.
func (a *App) keepDemo(ctx context.Context) error {
	firm, err := a.identity.As(ctx, "firm@demo.qiao")
	if err != nil {
		return err
	}
	searches, err := a.find.Searches(ctx, firm)
	if err != nil {
		return err
	}
	kept, _, err := a.find.Favourites(ctx, firm)
	if err != nil || len(searches)+len(kept) > 0 {
		return err
	}
	for _, x := range [][3]string{
		{"嘉兴的电镜", "q=电镜&region=330400", find.AlertOnce},
		{"可用券的检测服务", "kind=service&class=test&voucher=1", find.AlertDaily},
	} {
		if _, err := a.find.Save(ctx, firm, "demo/"+x[0], x[0], x[1], x[2]); err != nil {
			return err
		}
	}
	found, err := a.catalogue.Search(ctx, catalogue.Query{Text: "电子显微镜", Kinds: []string{"instrument"}, Limit: 3})
	if err != nil {
		return err
	}
	for i, it := range found.Items {
		note := ""
		if i == 0 {
			note = "示例：上次做薄膜断面用的就是它"
		}
		if err := a.find.Keep(ctx, firm, it.ID, "示例：薄膜项目", note); err != nil {
			return err
		}
	}
	return a.askDemo(identity.WithSubject(ctx, firm))
}

// asked is what visitors of the demo searched for, and how many of them.
type asked struct {
	text   string
	by     int
	facets []string
	open   int    // the place of the result they open; 0: none
	after  string // what they searched for just before, without opening anything
}

// askDemo lets visitors search, so that the operator's log has something true to show: each search is really made. The
// reader of ctx looks at a few results on the way, which are then among what he has seen.
func (a *App) askDemo(ctx context.Context) error {
	for _, x := range []asked{
		{"扫描电镜", 9, []string{"kind"}, 1, ""}, {"薄膜成分", 6, nil, 1, ""}, {"科技查新", 5, nil, 1, ""}, {"SEM", 5, []string{"voucher"}, 2, ""},
		{"碳纤维", 4, []string{"region"}, 3, ""}, {"saomiaodianjing", 3, nil, 1, ""}, {"慢应变速率", 4, nil, 1, "SSRT"},
		{"断口分析", 3, []string{"price"}, 1, ""}, {"PCT 专利", 3, nil, 1, ""}, {"船模拖曳水池", 4, nil, 0, ""}, {"风洞", 3, []string{"free_on"}, 0, ""}, {"消声室租用", 3, nil, 0, ""},
	} {
		before, err := a.catalogue.Count(ctx, catalogue.Query{Text: x.after})
		if err != nil {
			return err
		}
		found, err := a.catalogue.Search(ctx, catalogue.Query{Text: x.text, Limit: 5})
		if err != nil {
			return err
		}
		for i := range x.by {
			a.askOnce(ctx, x, before, found, fmt.Sprintf("demo visitor %d", i))
		}
	}
	return nil
}

// askOnce is one visitor's search, with what went before and what is opened.
func (a *App) askOnce(ctx context.Context, x asked, before int, found catalogue.Result, visitor string) {
	if x.after != "" {
		a.find.Asked(ctx, catalogue.Asked{Visitor: visitor, Text: x.after, Total: before})
	}
	mark := a.find.Asked(ctx, catalogue.Asked{Visitor: visitor, Text: x.text, Facets: x.facets, Total: found.Total})
	if x.open > 0 && x.open <= len(found.Items) {
		a.find.Opened(ctx, visitor, found.Items[x.open-1].Resource, fmt.Sprintf("%s.%d", mark, x.open))
	}
}
