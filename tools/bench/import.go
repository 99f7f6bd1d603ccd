package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// benchImport prints the rates of the national platform's template, and takes a list of many rows in over HTTP: first as a trial,
// then for good, with the program killed in the middle.
func benchImport(ctx context.Context, data string, rows int) (err error) {
	fmt.Println("| what | figure | reference in the same run | how |")
	fmt.Println("|---|---|---|---|")
	if err := importRates(ctx); err != nil {
		return err
	}
	b := &importBench{data: data, rows: rows}
	if err := b.start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.p.stop()) }()
	if err := b.run(ctx, "a trial", "?dry_run=true&name=trial.csv", false); err != nil {
		return err
	}
	return b.run(ctx, "for good, killed (-9) in the middle", "?name=list.csv", true)
}

// importRates runs the Go benchmarks, which know the inside of the module.
func importRates(ctx context.Context) error {
	c := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "ParseCSV|ParseXLSX|BenchmarkImport$", "-benchtime", "2s", "./internal/catalogue/importing")
	out, err := c.CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("benchmarks: %s", out), err)
	}
	for _, x := range []struct{ name, what, asked string }{
		{"BenchmarkParseCSV", "the 47 columns of the national template, CSV: parsed and validated", "≥ 20,000 asked for"},
		{"BenchmarkParseXLSX", "the same, XLSX", "≥ 3,000 asked for"},
		{"BenchmarkImport", "the same, CSV: committed and indexed", "≥ 2,000 asked for"},
	} {
		for line := range strings.Lines(string(out)) {
			f := strings.Fields(line)
			for i, word := range f {
				if word == "rows/CPU-s" && (strings.HasPrefix(f[0], x.name+"-") || f[0] == x.name) {
					row(x.what, f[i-1]+" rows a CPU second", x.asked, "bench_test.go")
				}
			}
		}
	}
	return nil
}

type importBench struct {
	p     *process
	data  string
	rows  int
	token string
}

func (b *importBench) start(ctx context.Context) error {
	const bin = "bin/qiao"
	p, err := launch(ctx, bin, "serve", "--demo", "--data", b.data, "--listen", "127.0.0.1:0")
	if err != nil {
		return err
	}
	b.p = p
	if b.token != "" {
		return nil
	}
	out, err := exec.CommandContext(ctx, bin, "token", "--login", "lab@demo.qiao", "--data", b.data).Output()
	b.token = strings.TrimSpace(string(out))
	return err
}

// progress is what the API tells of an import.
type progress struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Total  int    `json:"total"`
	Bad    int    `json:"rejected"`
}

func (b *importBench) call(ctx context.Context, method, path string, body io.Reader) (out progress, err error) {
	req, err := http.NewRequestWithContext(ctx, method, b.p.url+"/api/v1/imports"+path, body)
	if err != nil {
		return out, err
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	req.Header.Set("Content-Type", "text/csv")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return out, err
	}
	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return out, err
	}
	if res.StatusCode != http.StatusOK {
		return out, fmt.Errorf("%s %s: %s %s", method, path, res.Status, text)
	}
	return out, json.Unmarshal(text, &out)
}

// write makes the list: one row in a thousand has something wrong.
func (b *importBench) write(w *io.PipeWriter) {
	out := bufio.NewWriterSize(w, 1<<16)
	_, err := out.WriteString("仪器设备名称,所在单位仪器编号,规格型号,生产制造商,启用日期,原值（单位万元、保留小数点后两位）,主要功能（最多300字）,主要技术指标,产地国别,运行状态\n")
	for i := 0; i < b.rows && err == nil; i++ {
		day := "2020-03-01"
		if i%1000 == 999 {
			day = "gestern"
		}
		_, err = fmt.Fprintf(out, "合成·仪器%d,N-%d,M-%d,合成·仪器厂,%s,%d.50,适用于金属材料的形貌与成分分析，第%d台。,分辨率 %d nm；加速电压 0.1–30 kV,中国,正常\n", i, i, i%977, day, i%900+20, i, i%50+1)
	}
	w.CloseWithError(errors.Join(err, out.Flush())) //nolint:errcheck // never fails
}

// run takes the list in, and measures the program while it works.
func (b *importBench) run(ctx context.Context, what, query string, kill bool) error {
	r, w := io.Pipe()
	go b.write(w)
	began := time.Now() //nolint:forbidigo // a measurement
	cpu, err := b.p.cpu()
	if err != nil {
		return err
	}
	was, err := b.p.resident()
	if err != nil {
		return err
	}
	at, err := b.call(ctx, http.MethodPost, query, r)
	if err != nil {
		return err
	}
	sent := time.Since(began) //nolint:forbidigo // a measurement
	most, used, killed := 0, time.Duration(0), 0
	for at.Status == "running" {
		select {
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		now, err := b.p.resident()
		if err != nil {
			return err
		}
		mb, err := strconv.Atoi(strings.TrimSuffix(now, " MB"))
		if err != nil {
			return err
		}
		most = max(most, mb)
		if at, err = b.call(ctx, http.MethodGet, "/"+at.ID, nil); err != nil {
			return err
		}
		if kill && killed == 0 && at.Total > b.rows/2 {
			killed = at.Total
			spent, err := b.p.cpu()
			if err != nil {
				return err
			}
			used += spent - cpu
			cpu = 0
			if err := b.p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
				return err
			}
			_ = b.p.cmd.Wait() // killed
			if err := b.again(ctx); err != nil {
				return err
			}
		}
	}
	spent, err := b.p.cpu()
	if err != nil {
		return err
	}
	used += spent - cpu
	if at.Status != "done" || at.Total != b.rows || at.Bad != b.rows/1000 {
		return fmt.Errorf("%s: %+v", what, at)
	}
	took := time.Since(began) //nolint:forbidigo // a measurement
	row(fmt.Sprintf("%d rows over HTTP, %s", b.rows, what), fmt.Sprintf("%.0f s CPU, %.0f s by the clock (%.0f s to send), resident %s before, at most %d MB; every row counted once", used.Seconds(), took.Seconds(), sent.Seconds(), was, most), "≤ 300 MB without the index asked for", "import.go")
	return nil
}

// again starts the program after a kill; the lock of the database may outlive it for a moment.
func (b *importBench) again(ctx context.Context) error {
	var err error
	for range 20 {
		if err = b.start(ctx); err == nil {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return err
}
