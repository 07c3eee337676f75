export type Tokens = Readonly<Record<string, string>>

export interface Theme {
  readonly light: Tokens
  readonly dark: Tokens
}

/**
 * Default tokens, with RED's accent. Contrast, held by tests for each skin and scheme: text 4.5:1 on every background
 * it appears on, `line-strong`, the border of controls, 3:1.
 */
export const redTheme: Theme = {
  light: {
    accent: '#d01f3c',
    'accent-strong': '#a8152d',
    'accent-soft': '#fdf0f2',
    'on-accent': '#ffffff',
    ink: '#191f28',
    'ink-soft': '#4a5565',
    'ink-faint': '#5a6679',
    line: '#e3e7ee',
    'line-strong': '#848ea0',
    ground: '#f4f6f9',
    surface: '#ffffff',
    danger: '#b4231a',
    'danger-soft': '#fef1f0',
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
    accent: '#ff7587',
    'accent-strong': '#ff97a4',
    'accent-soft': '#33202a',
    'on-accent': '#10151d',
    ink: '#eef1f6',
    'ink-soft': '#c0c9d6',
    'ink-faint': '#9aa6b8',
    line: '#2e3847',
    'line-strong': '#6b788e',
    ground: '#10151d',
    surface: '#1a212c',
    danger: '#ff9a91',
    'danger-soft': '#3a2226',
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
    light: { accent: '#0a7a4c', 'accent-strong': '#065d39', 'accent-soft': '#ecf8f2' },
    dark: { accent: '#3fcb8f', 'accent-strong': '#6bdcab', 'accent-soft': '#16302a' },
  },
  BLUE: {
    light: { accent: '#1f5be0', 'accent-strong': '#1645b0', 'accent-soft': '#eef4ff' },
    dark: { accent: '#7da8ff', 'accent-strong': '#a0c0ff', 'accent-soft': '#1d2c4c' },
  },
  PURPLE: {
    light: { accent: '#6a3fd4', 'accent-strong': '#522db0', 'accent-soft': '#f4f0fe' },
    dark: { accent: '#b095ff', 'accent-strong': '#c6b1ff', 'accent-soft': '#2b2548' },
  },
}
