package form

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

func post(values url.Values) *Form {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return Read(r)
}

func TestFields(t *testing.T) {
	for _, tc := range []struct {
		name, typed string
		read        func(*Form) any
		want, code  string
	}{
		{"text is trimmed", "　你好 \r\n a ", func(f *Form) any { return f.Text("x") }, "你好 \n a", ""},
		{"NUL is dropped, broken UTF-8 shown", "a\x00b\xff", func(f *Form) any { return f.Text("x") }, "ab\uFFFD", ""},
		{"int", "1,234", func(f *Form) any { return f.Int("x") }, "1234", ""},
		{"full-width int", "－１２", func(f *Form) any { return f.Int("x") }, "-12", ""},
		{"no int", "twelve", func(f *Form) any { return f.Int("x") }, "0", "integer"},
		{"too long an int", strings.Repeat("9", 30), func(f *Form) any { return f.Int("x") }, "0", "integer"},
		{"empty int", "", func(f *Form) any { return f.Int("x") }, "0", ""},
		{"money", "¥1,234.5", func(f *Form) any { return f.Fen("x") }, "¥1,234.50", ""},
		{"no money", "1.234", func(f *Form) any { return f.Fen("x") }, "¥0", "amount"},
		{"date", "2026-11-21", func(f *Form) any { return f.Date("x") }, "2026-11-21", ""},
		{"date as people write it", "2026年1月2日", func(f *Form) any { return f.Date("x") }, "2026-01-02", ""},
		{"date with strokes", "2026/1/2", func(f *Form) any { return f.Date("x") }, "2026-01-02", ""},
		{"no date", "2026-02-30", func(f *Form) any { return f.Date("x") }, "", "date"},
		{"time of the region", "2026-11-21T09:30", func(f *Form) any { return f.Time("x").Format(time.RFC3339) }, "2026-11-21T01:30:00Z", ""},
		{"time by hand", "2026-11-21 9:30", func(f *Form) any { return f.Time("x").Format(time.RFC3339) }, "2026-11-21T01:30:00Z", ""},
		{"no time", "9:30", func(f *Form) any { return f.Time("x").IsZero() }, "true", "time"},
		{"ticked", "on", func(f *Form) any { return f.Bool("x") }, "true", ""},
		{"not ticked", "", func(f *Form) any { return f.Bool("x") }, "false", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := post(url.Values{"x": {tc.typed}})
			if got := fmt.Sprint(tc.read(f)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			code := ""
			if e := f.ErrorOf("x"); e != nil {
				code = e.Code
			}
			if code != tc.code || f.OK() != (tc.code == "") {
				t.Errorf("error %q, want %q", code, tc.code)
			}
			if want := clean(tc.typed); f.Value("x") != want {
				t.Errorf("what was typed is lost: %q", f.Value("x"))
			}
		})
	}
}

func TestNeed(t *testing.T) {
	f := post(url.Values{"a": {" "}, "b": {"x"}, "c": {"1x"}})
	f.Int("c")
	f.Need("a", "b", "c", "d")
	if len(f.Errors) != 3 || f.ErrorOf("a") == nil || f.ErrorOf("b") != nil || f.ErrorOf("d") == nil {
		t.Errorf("errors %v", f.Errors)
	}
	if f.Status() != http.StatusUnprocessableEntity {
		t.Errorf("status %d", f.Status())
	}
}

func TestFail(t *testing.T) {
	f := Of(map[string]string{"a": "1"})
	if !f.OK() || f.Status() != http.StatusOK {
		t.Error("a new form is not all right")
	}
	if f.Fail(errors.New("disk full")) || f.Fail(nil) || !f.OK() {
		t.Error("an internal error was shown in the form")
	}
	if !f.Fail(fmt.Errorf("place: %w", fault.New(fault.Conflict, "taken", "已被预约").Field("a", "taken", "换一个"))) {
		t.Error("a conflict was not taken over")
	}
	if f.Status() != http.StatusConflict || f.ErrorOf("a") == nil || f.Value("a") != "1" {
		t.Errorf("status %d, errors %v", f.Status(), f.Errors)
	}
}

// upload builds a multipart request; cut drops that many bytes from its end.
func upload(ctx context.Context, t *testing.T, size, cut int) *http.Request {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(m.WriteField("before", "甲"))
	w, err := m.CreateFormFile("f", `C:\data\表.xlsx`)
	must(err)
	_, err = w.Write(bytes.Repeat([]byte("x"), size))
	must(err)
	must(m.WriteField("after", "乙"))
	must(m.Close())
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body.Bytes()[:body.Len()-cut]))
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}

func TestFile(t *testing.T) {
	for _, tc := range []struct {
		name      string
		size, cut int
		code      string
		after     string
	}{
		{"small", 10, 0, "", "乙"},
		{"on disk", inMemory + 1, 0, "", "乙"},
		{"exactly in memory", inMemory, 0, "", "乙"},
		{"too large, the rest is kept", maxFile + 1, 0, "too-large", "乙"},
		{"empty", 0, 0, "empty-file", "乙"},
		{"broken off", 5000, 1000, "incomplete", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, done := context.WithCancel(t.Context())
			f := Read(upload(ctx, t, tc.size, tc.cut))
			if f.Text("before") != "甲" || f.Text("after") != tc.after {
				t.Errorf("typed %q and %q", f.Text("before"), f.Text("after"))
			}
			if e := f.ErrorOf("f"); (e == nil) != (tc.code == "") || e != nil && e.Code != tc.code {
				t.Fatalf("error %v, want %q", e, tc.code)
			}
			if file := f.File("f"); tc.code == "" {
				checkFile(t, file, tc.size)
				done()
				if file.disk != nil {
					waitGone(t, file.disk.Name())
				}
			}
			done()
		})
	}
}

func checkFile(t *testing.T, file *File, size int) {
	t.Helper()
	if file == nil || file.Name != "表.xlsx" || file.Size != int64(size) {
		t.Fatalf("file %+v", file)
	}
	for range 2 { // it can be read again
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != int64(size) {
			t.Errorf("read %d bytes, %v", n, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func waitGone(t *testing.T, name string) {
	t.Helper()
	for range 100 {
		if _, err := os.Stat(name); errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%s outlives its request", name)
}

func TestReadAfterSomeoneParsed(t *testing.T) {
	r := upload(t.Context(), t, 10, 0)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		t.Fatal(err)
	}
	f := Read(r)
	if f.Text("before") != "甲" || f.File("f") == nil || len(f.All("before")) != 1 {
		t.Errorf("typed %q, file %v", f.All("before"), f.File("f"))
	}
}

func TestBodyTooLarge(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", io.LimitReader(strings.NewReader("a="+strings.Repeat("x", maxBody)), maxBody+10))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if f := Read(r); f.OK() || f.Status() < 400 {
		t.Errorf("status %d", f.Status())
	}
}

func TestGetReadsTheQuery(t *testing.T) {
	f := Read(httptest.NewRequest(http.MethodGet, "/?q=a&k=1&k=2&k=", http.NoBody))
	if f.Text("q") != "a" || len(f.All("k")) != 2 || !f.Has("k", "2") {
		t.Errorf("read %v", f.values)
	}
}

func TestEnglish(t *testing.T) {
	c, err := i18n.New(English)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := i18n.Untranslated(".", c)
	if err != nil || len(missing) > 0 {
		t.Errorf("without English: %q, %v", missing, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--")
	f.Add("application/x-www-form-urlencoded", "a=%e4%bd%a0&a=%zz")
	f.Add("multipart/form-data", "")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		form := Read(r)
		form.Int("a")
		form.Date("a")
		form.Time("a")
		if form.File("a") != nil && form.File("a").Size == 0 {
			t.Error("an empty file was kept")
		}
	})
}
