package web

import "testing"

// What the validation of bodies finds is said in our own words, with the number or the list it names.
func TestWrongShapesAreSaidInOurWords(t *testing.T) {
	for message, want := range map[string][3]string{
		"unexpected property":                               {"unknown", "没有这个字段，请核对名称。", ""},
		"expected required property text to be present":     {"required", "缺少必填内容。", ""},
		"expected string to be RFC 3339 date-time":          {"invalid", "请写成 2026-11-21T09:00:00+08:00 这样的时间。", ""},
		"expected string to be RFC 3339 date":               {"invalid", "请写成 2026-11-21 这样的日期。", ""},
		"expected number >= 1":                              {"range", "不能小于 {0}。", "1"},
		"expected number":                                   {"invalid", "请填数字。", ""},
		"expected array length >= 2":                        {"short", "至少要有 {0} 项。", "2"},
		`expected value to be one of "booking, commission"`: {"not-a-choice", "请从这些值中选一个：{0}。", "booking, commission"},
		"expected string":                                   {"invalid", "请填文字。", ""},
		"expected something new":                            {"invalid", "填写不正确（{0}）", "expected something new"},
	} {
		code, text, arg := shapeOf(message)
		if got := [3]string{code, text, arg}; got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}
