package app

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// faultTitle says in a few words what an error page is about.
func faultTitle(ctx context.Context, kind fault.Kind) string {
	switch kind {
	case fault.NotFound:
		return i18n.T(ctx, "没有找到")
	case fault.Forbidden:
		return i18n.T(ctx, "不能办理")
	case fault.Unauthenticated:
		return i18n.T(ctx, "请先登录")
	case fault.Gone:
		return i18n.T(ctx, "已经撤下")
	case fault.Conflict:
		return i18n.T(ctx, "情况有变")
	case fault.TooLarge:
		return i18n.T(ctx, "内容太大")
	case fault.TooMany, fault.Unavailable:
		return i18n.T(ctx, "请稍后再试")
	}
	if kind >= fault.Internal {
		return i18n.T(ctx, "系统出了问题")
	}
	return i18n.T(ctx, "没有办成")
}

// apiArea is the calls under one heading.
type apiArea struct {
	tag string
	ops []apiOp
}

type apiOp struct {
	path string
	op   *huma.Operation
}

// apiAreas orders the calls by area, path and method.
func apiAreas(doc *huma.OpenAPI) []apiArea {
	var out []apiArea
	for _, path := range sortedKeys(doc.Paths) {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil || len(op.Tags) == 0 {
				continue
			}
			i := slices.IndexFunc(out, func(a apiArea) bool { return a.tag == op.Tags[0] })
			if i < 0 {
				i, out = len(out), append(out, apiArea{tag: op.Tags[0]})
			}
			out[i].ops = append(out[i].ops, apiOp{path, op})
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func methodTone(method string) ui.Tone {
	switch method {
	case "GET":
		return ui.Info
	case "DELETE":
		return ui.Bad
	}
	return ui.OK
}

// exampleOf is the body that works, as the description gives it.
func exampleOf(op *huma.Operation) string {
	if op.RequestBody == nil {
		return ""
	}
	for _, media := range op.RequestBody.Content {
		if media.Example == nil {
			continue
		}
		if b, err := json.MarshalIndent(media.Example, "", "  "); err == nil {
			return string(b)
		}
	}
	return ""
}
