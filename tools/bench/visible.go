package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// changes is how many records are changed to see when each is found.
const changes = 40

// benchVisible starts the program on a region of Delta size and measures how long a start takes and how long a change
// waits, from the use case that commits it to the search that finds it: SQLite with its fsync, the change feed, the index.
// A folder that has no database yet is seeded first, which takes minutes.
func benchVisible(ctx context.Context, data string, rounds int) (err error) {
	const bin = "bin/qiao"
	if _, err := os.Stat(filepath.Join(data, "qiao.db")); errors.Is(err, os.ErrNotExist) {
		seed := exec.CommandContext(ctx, bin, "seed", "--scale", "delta", "--seed", "7", "--data", data)
		if out, err := seed.CombinedOutput(); err != nil {
			return errors.Join(fmt.Errorf("seed: %s", out), err)
		}
	}
	args := []string{"serve", "--data", data, "--listen", "127.0.0.1:0"}
	p, err := launch(ctx, bin, args...) // migrates, and leaves a snapshot of now
	if err != nil {
		return err
	}
	fmt.Printf("\nA region of Delta size, load %s at the start\n\n| what | figure | reference in the same run | how |\n|---|---|---|---|\n", load())
	var starts, cpus []time.Duration
	for range rounds {
		if err := p.stop(); err != nil {
			return err
		}
		began := time.Now()
		if p, err = launch(ctx, bin, args...); err != nil {
			return err
		}
		if err := get(ctx, p.url+"/readyz", 1); err != nil {
			return errors.Join(err, p.stop())
		}
		starts = append(starts, time.Since(began))
		used, err := p.cpu()
		if err != nil {
			return errors.Join(err, p.stop())
		}
		cpus = append(cpus, used)
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	memory, err := p.resident()
	if err != nil {
		return err
	}
	row("`bin/qiao serve` to 200 on /readyz, snapshot present", spread(starts), "< 2 s", "CPU "+spread(cpus)+", load "+load()+", resident "+memory)
	return watch(ctx, p, data)
}

// found is what the bench reads of an answer.
type found struct {
	Total int `json:"total"`
	Items []struct {
		Owner struct {
			ID string `json:"id"`
		} `json:"owner"`
	} `json:"items"`
}

func look(ctx context.Context, p *process, query string) (f found, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/v1/resources?kind=instrument&limit=1&q="+url.QueryEscape(query), nil)
	if err != nil {
		return f, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return f, err
	}
	defer res.Body.Close() //nolint:errcheck // only read
	return f, json.NewDecoder(res.Body).Decode(&f)
}

// watch hands in records one at a time and asks for each until it is found.
func watch(ctx context.Context, p *process, data string) error {
	all, err := look(ctx, p, "")
	if err != nil || len(all.Items) == 0 {
		return errors.Join(err, errors.New("the region has no instrument"))
	}
	command := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(data, "qiao.sock"))
	}}}
	var committed, after []time.Duration
	run := time.Now().Unix() % 100_000
	for n := range changes {
		model := fmt.Sprintf("VIS-%05d%03d", run, n)
		body := "仪器名称,型号,制造厂商,分类编码\n可见性测试仪," + model + ",合成·仪器厂,010300\n" //i18n:data a table to import
		began := time.Now()
		if err := post(ctx, command, "http://qiao/import?format=csv&name=one.csv&org="+all.Items[0].Owner.ID, body); err != nil {
			return err
		}
		done := time.Now()
		for {
			f, err := look(ctx, p, `"`+model+`"`)
			if err != nil {
				return err
			}
			if f.Total > 0 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		committed, after = append(committed, time.Since(began)), append(after, time.Since(done))
	}
	row("a record handed in and found, from the first byte of the request", worst(committed), "≤ 1 s", fmt.Sprintf("%d changes; of it after the answer to the change: %s, load %s", changes, worst(after), load()))
	return nil
}

func post(ctx context.Context, client *http.Client, address, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	out, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || !strings.Contains(string(out), `"accepted": 1`) {
		return fmt.Errorf("the change was not taken: %s %s", res.Status, out)
	}
	return nil
}

// worst is the median and the largest.
func worst(d []time.Duration) string {
	c := costs{each: d}
	return fmt.Sprintf("p50 %s, worst %s", ms(c.at(.5)), ms(c.at(1)))
}
