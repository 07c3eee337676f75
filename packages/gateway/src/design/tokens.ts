export type Tokens = Readonly<Record<string, string>>

export interface Theme {
  readonly light: Tokens
  readonly dark: Tokens
}

/**
 * Default tokens, with RED's accent. Contrast, held by tests for each skin and scheme: text 4.5:1 on every background
 * it appears on, `line-strong`, the border of controls, 3:1. Only errors are red: `danger` is 3:1
 * from `accent` and `ink`, so that an error is never taken for the brand or an amount.
 */
export const redTheme: Theme = {
  light: {
    accent: '#4c0513',
    'accent-strong': '#74142a',
    'accent-soft': '#faf3f4',
    'on-accent': '#ffffff',
    ink: '#191f28',
    'ink-soft': '#4a5565',
    'ink-faint': '#5a6679',
    line: '#e3e7ee',
    'line-strong': '#848ea0',
    ground: '#f4f6f9',
    surface: '#ffffff',
    danger: '#d42c21',
    'danger-soft': '#fff4f3',
    success: '#0b6b46',
    'success-soft': '#eaf7f1',
    warning: '#8a5300',
    'warning-soft': '#fff6e5',
    info: '#1d56c4',
    'info-soft': '#eef4ff',
    shade: 'rgba(25, 31, 40, .06)',
    shadow: '0 1px 2px rgba(25, 31, 40, .05), 0 6px 24px rgba(25, 31, 40, .07)',
    radius: '14px',
    'radius-small': '10px',
  },
  dark: {
    accent: '#ffe9eb',
    'accent-strong': '#f7ccd1',
    'accent-soft': '#2a2028',
    'on-accent': '#10151d',
    ink: '#eef1f6',
    'ink-soft': '#c0c9d6',
    'ink-faint': '#9aa6b8',
    line: '#2e3847',
    'line-strong': '#6b788e',
    ground: '#10151d',
    surface: '#1a212c',
    danger: '#ee5148',
    'danger-soft': '#2e1517',
    success: '#5fd3a1',
    'success-soft': '#163229',
    warning: '#f2bd63',
    'warning-soft': '#372b18',
    info: '#93b8ff',
    'info-soft': '#1c2c4a',
    shade: 'rgba(255, 255, 255, .08)',
    shadow: '0 1px 2px rgba(0, 0, 0, .4), 0 8px 28px rgba(0, 0, 0, .35)',
  },
}

/** The guide's other skins, by their `data-skin` value. */
export const skinThemes: Readonly<Record<'GREEN' | 'BLUE' | 'PURPLE', Theme>> = {
  GREEN: {
    light: { accent: '#042c1c', 'accent-strong': '#0a573a', 'accent-soft': '#eff7f3' },
    dark: { accent: '#d8f8e8', 'accent-strong': '#b4e6cd', 'accent-soft': '#182b27' },
  },
  BLUE: {
    light: { accent: '#0b1c69', 'accent-strong': '#1c3aa8', 'accent-soft': '#f0f4fd' },
    dark: { accent: '#e5eeff', 'accent-strong': '#c2d5ff', 'accent-soft': '#1c2842' },
  },
  PURPLE: {
    light: { accent: '#2d1164', 'accent-strong': '#4d2aa0', 'accent-soft': '#f5f1fc' },
    dark: { accent: '#f1ebff', 'accent-strong': '#d9cbff', 'accent-soft': '#282340' },
  },
}
