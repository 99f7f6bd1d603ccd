//i18n:data names of instrument classes, kept in both languages side by side

package kinds

import "strings"

// ClassName is one instrument class of the two public levels.
type ClassName struct {
	Code   string // two digits (first level), four, or six where the table has six
	ZH, EN string
}

// ClassList is the classification with its origin.
type ClassList struct {
	Title   string // of the source
	Since   string // first day it is used here
	Note    string
	Top     []ClassName // first level
	Classes []ClassName // second level
}

// Classes is the list in force. Its third level is not public: any two last digits are accepted.
func Classes() ClassList {
	l := ClassList{
		Title: "大型科学仪器设备分类（国家调查用表，大类与中类）",
		Since: "2006-01-01",
		Note:  "小类代码未公开，末两位不校验。",
	}
	for line := range strings.Lines(classTable) {
		code, names, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		zh, en, _ := strings.Cut(names, " | ")
		if len(code) == 2 {
			l.Top = append(l.Top, ClassName{code, zh, en})
		} else {
			l.Classes = append(l.Classes, ClassName{code, zh, en})
		}
	}
	return l
}

// ClassOf finds the second-level class of a six-digit code.
func ClassOf(code string) (ClassName, bool) {
	for _, n := range []int{6, 4} {
		if c, ok := lookUp(code, n); ok {
			return c, true
		}
	}
	return ClassName{}, false
}

// TopClass finds the first-level class of a code.
func TopClass(code string) (ClassName, bool) { return lookUp(code, 2) }

// lookUp finds the line of the first n digits of code, without reading the whole table.
func lookUp(code string, n int) (ClassName, bool) {
	if len(code) < n {
		return ClassName{}, false
	}
	_, line, found := strings.Cut(classTable, "\n"+code[:n]+" ")
	if !found {
		return ClassName{}, false
	}
	line, _, _ = strings.Cut(line, "\n")
	zh, en, _ := strings.Cut(line, " | ")
	return ClassName{Code: code[:n], ZH: zh, EN: en}, true
}

// classTable has one class a line: code, Chinese name, English name.
const classTable = `
01 分析仪器 | Analytical instruments
0101 电子光学仪器 | Electron optics
0102 质谱仪器 | Mass spectrometers
0103 X射线仪器 | X-ray instruments
0104 光谱仪器 | Optical spectrometers
0105 色谱仪器 | Chromatographs
0106 波谱仪器 | Magnetic resonance and wave spectrometers
0107 电化学仪器 | Electrochemical instruments
0108 显微镜及图像分析仪器 | Microscopes and image analysis
0109 热分析仪器 | Thermal analysis
0110 生化分离分析仪器 | Biochemical separation and analysis
0111 环境与农业分析仪器 | Environmental and agricultural analysis
0112 样品前处理及制备仪器 | Sample preparation
011300 其他分析仪器 | Other analytical instruments
02 物理性能测试仪器 | Physical property testing
0201 力学性能测试仪器 | Mechanical properties
0202 大地测量仪器 | Geodetic survey
0203 光电测量仪器 | Photoelectric measurement
0204 声学振动仪器 | Acoustics and vibration
0205 颗粒度测量仪器 | Particle size
0206 探伤仪器 | Flaw detection
020700 其他物理性能测试仪器 | Other physical property tests
03 计量仪器 | Metrology
0301 长度计量仪器 | Length metrology
0302 热学计量仪器 | Thermal metrology
0303 力学计量仪器 | Mechanical metrology
0304 电磁学计量仪器 | Electromagnetic metrology
0305 时间频率计量仪器 | Time and frequency metrology
0306 声学计量仪器 | Acoustic metrology
0307 光学计量仪器 | Optical metrology
030800 其他计量仪器 | Other metrology
04 天文仪器 | Astronomical instruments
0401 天体测量仪器 | Astrometry
0402 地面天文望远镜 | Ground-based telescopes
0403 空间天文望远镜 | Space telescopes
040400 其他天文仪器 | Other astronomical instruments
05 海洋仪器 | Marine instruments
0501 海洋水文测量仪器 | Marine hydrography
0502 多要素水文气象测量系统 | Multi-element hydro-meteorology
0503 海洋生物调查仪器 | Marine biology survey
0504 海水物理量测量仪器 | Sea-water properties
0505 海洋遥感/遥测仪器 | Marine remote sensing and telemetry
0506 海洋采样设备 | Marine sampling
050700 其他海洋仪器 | Other marine instruments
06 地球探测仪器 | Earth sounding
0601 电法仪器 | Electrical prospecting
0602 电磁法仪器 | Electromagnetic prospecting
0603 磁法仪器 | Magnetic prospecting
0604 重力仪器 | Gravimeters
0605 地震仪器 | Seismic instruments
0606 地球物理测井仪器 | Well logging
0607 岩石矿物测试仪器 | Rock and mineral tests
060800 其他地球探测仪器 | Other earth sounding
07 大气探测仪器 | Atmospheric sounding
0701 气象台站观测仪器 | Surface weather stations
0702 高空气象探测仪器 | Upper-air sounding
0703 特殊大气探测仪器 | Special atmospheric sounding
0704 主动大气遥感仪器 | Active atmospheric remote sensing
0705 被动大气遥感仪器 | Passive atmospheric remote sensing
0706 高层大气/电离层探测器 | Upper atmosphere and ionosphere
0707 对地观测仪器 | Earth observation
070800 其他大气探测仪器 | Other atmospheric instruments
08 电子测量仪器 | Electronic measurement
0801 通用电子测量仪器 | General electronic measurement
0802 射频和微波测试仪器 | Radio frequency and microwave tests
0803 通讯测量仪器 | Communication measurement
0804 网络分析仪器 | Network analysis
0805 大规模集成电路测试仪器 | Integrated circuit testers
080600 其他电子测量仪器 | Other electronic measurement
09 医学诊断仪器 | Medical diagnostics
0901 临床检验分析仪器 | Clinical laboratory
0902 影像诊断仪器 | Medical imaging
0903 电子诊察仪器 | Electronic examination
090400 其他医学诊断仪器 | Other medical diagnostics
10 核仪器 | Nuclear instruments
1001 核辐射探测仪器 | Nuclear radiation detection
1002 活化分析仪器 | Activation analysis
1003 离子束分析仪器 | Ion beam analysis
1004 核效应分析仪器 | Nuclear effect analysis
1005 中子散射及衍射仪器 | Neutron scattering and diffraction
100600 其他核仪器 | Other nuclear instruments
11 特种检测仪器 | Special testing
1101 射线检测仪器 | Radiographic testing
1102 超声检测仪器 | Ultrasonic testing
1103 电磁检测仪器 | Electromagnetic testing
1104 声发射检测仪器 | Acoustic emission testing
1105 光电检测仪器 | Photoelectric testing
110600 其他特种检测仪器 | Other special testing
12 其他仪器 | Other instruments
120000 其他仪器 | Other instruments
`
